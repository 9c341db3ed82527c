import { expect } from 'chai'
import {
  batchCommit,
  batchLeaf,
  batchProof,
  batchRoot,
  type ChainEvent,
  currencyBalance,
  domainOf,
  groupsHash,
  readEvents,
  revertOf,
  verifyBatch
} from '../../../sdk/chain/index.ts'
import { ZERO_ADDRESS } from '../../../sdk/protocol/eth.ts'
import { signTyped } from '../../../sdk/protocol/typed-data.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'

const modelId = hashOf('chain test model')
const FAR = 2 ** 40 - 1
const DAY = 86_400

for (const money of ['token', 'native'] as const) {
  describe(`ledger client, ${money}`, function () {
    this.timeout(30_000)
    let market: Market
    let provider: Person
    let client: Person

    before(async () => {
      market = await startMarket(money === 'native' ? { token: ZERO_ADDRESS } : {})
      provider = await market.person('provider')
      client = await market.person('client')
    })
    after(() => market.close())

    const signed = (kind: 'Prefund' | 'Release', amount: bigint) => {
      const channel = { client: client.wallet.address, provider: provider.wallet.address, modelId, deadline: FAR }
      const domain = domainOf(market.deployment)
      const prefund = { ...channel, upTo: amount }
      const release = { ...channel, downTo: amount }
      return {
        prefund,
        release,
        signature:
          kind === 'Prefund'
            ? signTyped(domain, 'Prefund', prefund, client.wallet.secretKey)
            : signTyped(domain, 'Release', release, provider.wallet.secretKey)
      }
    }
    const settle = (cumulative: bigint, units = 1) =>
      provider.ledger.settle([{ modelId, items: [market.voucher(client.wallet, provider.wallet, modelId, cumulative, units)] }])
    const position = () => provider.ledger.position(client.wallet.address, provider.wallet.address, modelId)

    it('deposits, prefunds and reads it back', async () => {
      await client.ledger.deposit(client.wallet.address, 10n * OPEN)
      expect(await client.ledger.account(client.wallet.address)).to.deep.equal({
        signer: client.wallet.address,
        balance: 10n * OPEN
      })
      const { prefund, signature } = signed('Prefund', 2n * OPEN)
      await provider.ledger.prefund(prefund, signature)
      expect(await position()).to.deep.equal({
        account: { signer: client.wallet.address, balance: 8n * OPEN },
        exit: { amount: 0n, readyAt: 0 },
        oldKey: { signer: null, validUntil: 0 },
        channel: { settled: 0n, prefunded: 2n * OPEN, units: 0 },
        releaseAt: 0,
        left: 2n * OPEN
      })
    })

    it('settles a batch whose commitment anyone can recompute from the events', async () => {
      const { receipt, batch, groups, total } = await settle(3n * OPEN, 300)
      expect(total).to.equal(3n * OPEN)
      expect(groups.map((group) => group.paid)).to.deep.equal([[{ client: client.wallet.address, amount: 3n * OPEN }]])
      const { workRoot } = market.voucher(client.wallet, provider.wallet, modelId, 3n * OPEN, 300)
      const channel = { client: client.wallet.address, provider: provider.wallet.address, modelId }
      const leaf = batchLeaf({ ...channel, from: 0n, to: 3n * OPEN, units: 300, workRoot })
      expect(batch?.root).to.equal(batchRoot([leaf]))
      const header = { root: batchRoot([leaf]), total, count: 1, postedAt: await market.rpc.timestamp(receipt.blockNumber) }
      expect(await provider.ledger.batchCommit(provider.wallet.address, 0)).to.equal(batchCommit(header))
      expect(await provider.ledger.earned(provider.wallet.address)).to.deep.equal({ amount: total, batches: 1, lifetime: total })
      expect(await provider.ledger.channel(provider.wallet.address, modelId, client.wallet.address)).to.deep.equal({
        settled: 3n * OPEN,
        prefunded: 2n * OPEN,
        units: 300
      })
    })

    it('says that a voucher was no news, and which one is bad', async () => {
      expect((await settle(3n * OPEN)).batch).to.equal(null)
      const bad = market.voucher(named('thief'), provider.wallet, modelId, 4n * OPEN)
      const error = await provider.ledger
        .settle([{ modelId, items: [{ ...bad, client: client.wallet.address }] }])
        .catch((e) => e)
      expect(error.code).to.equal('CHAIN_REVERTED')
      expect(revertOf(error)).to.equal('BadVoucher')
      expect(error.message).to.equal('ledger.settle was refused by the chain: BadVoucher(0, 0)')
      expect(JSON.parse(JSON.stringify(error.detail))).to.deep.equal({
        what: 'ledger.settle',
        revert: 'BadVoucher',
        args: ['0', '0']
      })
      expect(revertOf(new Error('other'))).to.equal(null)
      expect((await provider.ledger.settle([]).catch((e) => e)).code).to.equal('BAD_REQUEST')
    })

    it('settles through an operator and through a relayer', async () => {
      const operator = await market.person('operator')
      const voucher = (total: bigint) => [{ modelId, items: [market.voucher(client.wallet, provider.wallet, modelId, total)] }]
      const refused = await operator.ledger.settleFor(provider.wallet.address, voucher(4n * OPEN), FAR).catch((e) => e)
      expect(revertOf(refused)).to.equal('BadProviderSignature')
      await provider.ledger.setOperator(operator.wallet.address)
      expect(await provider.ledger.operator(provider.wallet.address)).to.equal(operator.wallet.address)
      expect((await operator.ledger.settleFor(provider.wallet.address, voucher(4n * OPEN), 0)).total).to.equal(OPEN)
      await provider.ledger.setOperator(null)
      expect(await provider.ledger.operator(provider.wallet.address)).to.equal(null)
      const groups = voucher(5n * OPEN)
      const order = { provider: provider.wallet.address, groupsHash: groupsHash(groups), deadline: FAR }
      const signature = signTyped(domainOf(market.deployment), 'SettleBatch', order, provider.wallet.secretKey)
      expect((await operator.ledger.settleFor(provider.wallet.address, groups, FAR, signature)).total).to.equal(OPEN)
    })

    it('claims to the provider', async () => {
      const before = await currencyBalance(market.rpc, market.deployment, provider.wallet.address)
      await client.ledger.claim(provider.wallet.address)
      expect((await currencyBalance(market.rpc, market.deployment, provider.wallet.address)) - before).to.equal(5n * OPEN)
      expect(revertOf(await client.ledger.claim(provider.wallet.address).catch((e) => e))).to.equal('NothingEarned')
    })

    it('rotates the signer, releases and exits', async () => {
      const again = signed('Prefund', 7n * OPEN)
      await client.ledger.prefund(again.prefund, again.signature)
      const { release, signature } = signed('Release', 6n * OPEN)
      await client.ledger.release(release, signature)
      expect((await position()).left).to.equal(OPEN)
      await client.ledger.setSigner(named('session key').address)
      expect((await position()).oldKey.signer).to.equal(client.wallet.address)
      await client.ledger.startRelease(provider.wallet.address, modelId)
      await client.ledger.startExit(2n * OPEN)
      await client.ledger.cancelExit()
      await client.ledger.startExit(3n * OPEN)
      expect((await client.ledger.exit(client.wallet.address)).amount).to.equal(3n * OPEN)
      expect(await client.ledger.exitDelay()).to.equal(DAY)
      await market.passSeconds(DAY)
      await client.ledger.finishRelease(provider.wallet.address, modelId)
      await client.ledger.finishExit()
      expect((await client.ledger.account(client.wallet.address)).balance).to.equal(2n * OPEN)
    })

    it('tells the whole story in events', async () => {
      const events: ChainEvent[] = []
      for await (const event of readEvents(market.rpc, market.deployment, 0, await market.rpc.blockNumber())) events.push(event)
      expect(events.map(({ name }) => name)).to.deep.equal([
        'Deposited',
        'Prefunded',
        'GroupSettled',
        'BatchSettled',
        'OperatorSet',
        'GroupSettled',
        'BatchSettled',
        'OperatorSet',
        'GroupSettled',
        'BatchSettled',
        'Claimed',
        'Prefunded',
        'Released',
        'SignerSet',
        'ReleaseStarted',
        'ExitChanged',
        'ExitChanged',
        'ExitChanged',
        'Released',
        'ExitChanged',
        'Withdrawn'
      ])
      const first = events[0]
      expect(first).to.include({
        name: 'Deposited',
        client: client.wallet.address,
        from: client.wallet.address,
        amount: 10n * OPEN
      })
      const settled = events.reduce((sum, event) => sum + (event.name === 'BatchSettled' ? event.total : 0n), 0n)
      expect(settled).to.equal(5n * OPEN)
      expect(await currencyBalance(market.rpc, market.deployment, market.deployment.ledger)).to.equal(2n * OPEN)
    })

    it('serialises what is sent at once', async () => {
      const amounts = [1n, 2n, 3n, 4n]
      const before = (await client.ledger.account(client.wallet.address)).balance
      const receipts = await Promise.all(amounts.map((amount) => client.ledger.deposit(client.wallet.address, amount)))
      expect(new Set(receipts.map(({ hash }) => hash)).size).to.equal(4)
      expect((await client.ledger.account(client.wallet.address)).balance - before).to.equal(10n)
    })

    it('writes nothing without a wallet', () => {
      const reader = new (client.ledger.constructor as typeof import('../../../sdk/chain/index.ts').LedgerClient)(
        market.rpc,
        market.deployment
      )
      expect(() => reader.setSigner(client.wallet.address)).to.throw('only reads')
    })
  })
}

describe('batch proofs', () => {
  it('prove every leaf and no other', () => {
    for (const count of [1, 2, 3, 7, 8, 33]) {
      const leaves = Array.from({ length: count }, (_, i) => hashOf(`leaf ${i}`))
      const root = batchRoot(leaves)
      for (const [i, leaf] of leaves.entries()) {
        expect(verifyBatch(root, leaf, batchProof(leaves, i)), `${i} of ${count}`).to.equal(true)
        expect(verifyBatch(root, hashOf('other'), batchProof(leaves, i))).to.equal(false)
      }
    }
  })
})

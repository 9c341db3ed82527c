import { expect } from 'chai'
import { createExplorer, Publisher } from '../../../node/explorer/index.ts'
import { openIndexStore } from '../../../node/explorer/index-store.ts'
import { Indexer } from '../../../node/explorer/indexer.ts'
import { Transactions } from '../../../node/explorer/transactions.ts'
import { encodeCall, ledgerAbi } from '../../../sdk/chain/abi.ts'
import { Rpc, readBatches, type SettleItem } from '../../../sdk/chain/index.ts'
import { silentLog, systemClock } from '../../../sdk/components.ts'
import { batchLeaf, batchRoot } from '../../../sdk/protocol/batch-tree.ts'
import { compactSignature } from '../../../sdk/protocol/eth.ts'
import { EXPLORER_INPUT_BYTES_MAX, EXPLORER_TRANSACTIONS_READ_MAX } from '../../../sdk/protocol/limits.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { codeOfRejection } from '../../sdk/session/support.ts'
import { folders, followToHead } from './index-states.ts'

const model = hashOf('model')
const WRAPPER = `0x${'ab'.repeat(20)}` as const
const FAR = 2 ** 32
/** Passes what stands behind its own selector on to another contract, and reverts with it. */
const forwarder = (to: string): string => `0x600436038060045f375f5f915f5f73${to.slice(2)}5af1602b575f5ffd5b00`

describe('what the transaction of a batch said', function () {
  this.timeout(120_000)
  const dirs = folders()
  let market: Market
  let provider: Person
  let operator: Person
  let rich: Person
  let poor: Person
  let open: () => ReturnType<typeof createExplorer>['app']
  let close: () => Promise<void>
  let asked: string[]
  /** What becomes of an endpoint's answer about a transaction. */
  let told: (reply: { input: string }) => unknown

  const voucher = (client: Person, sum: bigint): SettleItem =>
    market.voucher(client.wallet, provider.wallet, model, sum * OPEN, Number(sum))
  const groupsOf = (...items: SettleItem[]) => [{ modelId: model, items }]

  before(async () => {
    market = await startMarket()
    const { rpc, deployment } = market
    const people = await Promise.all(['provider', 'operator', 'rich', 'poor'].map((name) => market.person(name)))
    ;[provider, operator, rich, poor] = people as [Person, Person, Person, Person]
    await rich.ledger.deposit(rich.wallet.address, 100n * OPEN)
    await poor.ledger.deposit(poor.wallet.address, 2n * OPEN)
    await provider.ledger.settle(groupsOf(voucher(rich, 3n), voucher(rich, 2n), voucher(poor, 5n)))
    await provider.ledger.setOperator(operator.wallet.address)
    await operator.ledger.settleFor(provider.wallet.address, groupsOf(voucher(rich, 4n)), FAR)
    await provider.ledger.setOperator(WRAPPER)
    await rpc.send('hardhat_setCode', [WRAPPER, forwarder(deployment.ledger)])
    await settleWrapped(groupsOf(voucher(rich, 6n)))

    const store = await openIndexStore(dirs.make())
    const indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    const doctored = new Rpc(rpc.url)
    doctored.send = async (method, params) => {
      asked.push(method)
      const reply = await rpc.send(method, params)
      return method === 'eth_getTransactionByHash' ? told(reply as { input: string }) : reply
    }
    const components = { store, indexer, rpc: doctored, deployment, clock: systemClock, log: silentLog, version: '0' }
    open = () => createExplorer({ ...components, publisher: new Publisher(store, deployment) }).app
    close = () => store.close()
  })
  beforeEach(() => {
    asked = []
    told = (reply) => reply
  })
  after(async () => {
    await close()
    await market.close()
    dirs.remove()
  })

  /** Through a contract that the provider made its operator, sent by somebody else. */
  const settleWrapped = async (groups: ReturnType<typeof groupsOf>): Promise<void> => {
    const items = groups[0]!.items.map(({ signature, ...item }) => ({ ...item, ...compactSignature(signature) }))
    const args = [provider.wallet.address, [{ modelId: model, items }], FAR, '0x']
    const data = `0x00c0ffee${encodeCall(ledgerAbi, 'settleFor', args).slice(2)}` as const
    await poor.sender.send({ to: WRAPPER, data, gasLimit: 1_000_000, what: 'wrapper' })
  }

  const ask = async (app: ReturnType<typeof open>, number: number | string, who = provider.wallet.address) => {
    const response = await app.request(`/api/batches/${who}/${number}/transaction`)
    return { status: response.status, body: (await response.json()) as any }
  }

  it('is told with every voucher that paid, as it was signed, in the order of the leaves', async () => {
    const { status, body } = await ask(open(), 0)
    const [batch] = await readBatches(market.rpc, market.deployment, provider.wallet.address)
    expect(status).to.equal(200)
    expect(body).to.include({
      transaction: batch!.transaction,
      block: batch!.block,
      sender: provider.wallet.address,
      to: market.deployment.ledger
    })
    expect(body.gasUsed).to.be.above(50_000)
    expect(body.call).to.include({ method: 'settle', wrapped: false })
    const told = [voucher(rich, 3n), voucher(poor, 5n)].map(({ client, cumulative, units, workRoot, signature }, i) => {
      const { r, vs } = compactSignature(signature)
      const to = [3n, 2n][i]! * OPEN // the poor signed for 5, and had 2
      const amounts = { cumulative: String(cumulative), from: '0', to: String(to) }
      return { client, modelId: model, units, workRoot, signature: r + vs.slice(2), ...amounts }
    })
    expect(body.call.vouchers).to.deep.equal(told)
    expect(body.inputBytes).to.equal((body.input.length - 2) / 2)
    for (const { signature } of told) expect(body.input).to.include(signature.slice(2))
  })

  it('makes the root of the batch, whoever sent it and whatever wraps it', async () => {
    const app = open()
    const batches = await readBatches(market.rpc, market.deployment, provider.wallet.address)
    const calls = []
    for (const { number, header } of batches) {
      const { body } = await ask(app, number)
      const leaves = body.call.vouchers.map((told: any) =>
        batchLeaf({ ...told, provider: provider.wallet.address, from: BigInt(told.from), to: BigInt(told.to) })
      )
      expect(batchRoot(leaves)).to.equal(header.root)
      calls.push([body.sender, body.to, body.call.method, body.call.wrapped])
    }
    const { ledger } = market.deployment
    expect(calls).to.deep.equal([
      [provider.wallet.address, ledger, 'settle', false],
      [operator.wallet.address, ledger, 'settleFor', false],
      [poor.wallet.address, WRAPPER, 'settleFor', true]
    ])
  })

  it('says so where the input does not show the vouchers, and leaves out an input that is too long', async () => {
    told = (reply) => ({ ...reply, input: '0x00c0ffee' })
    expect((await ask(open(), 0)).body).to.include({ call: null, input: '0x00c0ffee' })
    told = (reply) => ({ ...reply, input: reply.input + '00'.repeat(EXPLORER_INPUT_BYTES_MAX) })
    const { body } = await ask(open(), 0)
    expect(body.call.vouchers).to.have.length(2)
    expect([body.input, body.inputBytes > EXPLORER_INPUT_BYTES_MAX]).to.deep.equal([null, true])
  })

  it('is read once by however many ask, and again after a failure: the node forgot it, or showed none that can be', async () => {
    const app = open()
    told = () => null
    const gone = await ask(app, 0)
    expect([gone.status, gone.body.error.code]).to.deep.equal([503, 'CHAIN_PRUNED'])
    told = (reply) => ({ ...reply, from: 'nobody' })
    expect((await ask(app, 0)).body.error.code).to.equal('CHAIN_DOWN')
    told = (reply) => reply
    asked = []
    await Promise.all([ask(app, 0), ask(app, 0)])
    await ask(app, 0)
    expect(asked.sort()).to.deep.equal(['eth_getTransactionByHash', 'eth_getTransactionReceipt'])
  })

  it('is not read of more batches at a time than may be', async () => {
    const rpc = new Rpc(market.rpc.url)
    const released = Promise.withResolvers<null>()
    rpc.send = () => released.promise
    const transactions = new Transactions(rpc, market.deployment)
    const [batch] = await readBatches(market.rpc, market.deployment, provider.wallet.address)
    const of = (n: number): Promise<string> => codeOfRejection(transactions.of({ ...batch!, transaction: hashOf(`${n}`) }))
    const first = Array.from({ length: EXPLORER_TRANSACTIONS_READ_MAX }, (_, n) => of(n))
    expect(await of(EXPLORER_TRANSACTIONS_READ_MAX)).to.equal('BUSY')
    released.resolve(null)
    expect(new Set(await Promise.all(first))).to.deep.equal(new Set(['CHAIN_PRUNED']))
    expect(await of(EXPLORER_TRANSACTIONS_READ_MAX)).to.equal('CHAIN_PRUNED')
  })

  it('is there of batches that are there alone', async () => {
    const app = open()
    expect((await ask(app, 9)).status).to.equal(404)
    expect((await ask(app, 'x')).status).to.equal(400)
    expect((await ask(app, 0, rich.wallet.address)).status).to.equal(404)
    expect(asked).to.deep.equal([])
  })
})

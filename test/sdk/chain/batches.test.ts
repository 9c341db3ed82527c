import { expect } from 'chai'
import {
  type Batch,
  isCommitted,
  proofChain,
  Rpc,
  readBatches,
  readSettlement,
  type SettleGroup
} from '../../../sdk/chain/index.ts'
import { batchLeaf, batchProof, batchRoot } from '../../../sdk/protocol/batch-tree.ts'
import { compactSignature } from '../../../sdk/protocol/eth.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { codeOfRejection } from '../session/support.ts'

const small = hashOf('small model')
const large = hashOf('large model')

describe('batches from public data', function () {
  this.timeout(60_000)
  let market: Market
  let provider: Person
  const clients: Person[] = []

  before(async () => {
    market = await startMarket()
    provider = await market.person('provider')
    for (const [name, escrow] of [
      ['rich', 100n],
      ['poor', 5n],
      ['third', 100n]
    ] as const) {
      const client = await market.person(name)
      await client.ledger.deposit(client.wallet.address, escrow * OPEN)
      clients.push(client)
    }
  })
  after(() => market.close())

  const item = (who: number, modelId: `0x${string}`, open: bigint, units = Number(open)) =>
    market.voucher(clients[who]!.wallet, provider.wallet, modelId, open * OPEN, units)
  const settle = (groups: SettleGroup[]) => provider.ledger.settle(groups)
  const read = (rpc = market.rpc): Promise<Batch[]> => readBatches(rpc, market.deployment, provider.wallet.address)
  const paidOf = (batch: Batch): [from: bigint, to: bigint][] => batch.payments.map(({ from, to }) => [from / OPEN, to / OPEN])

  it('are rebuilt to the roots that the ledger holds, whatever was passed over or paid in part', async () => {
    await settle([{ modelId: small, items: [item(0, small, 1n)] }])
    await settle([
      { modelId: small, items: [item(0, small, 1n), item(2, small, 2n), item(0, small, 3n)] }, // the first is no news
      { modelId: large, items: [item(1, large, 9n), item(0, large, 4n), item(1, large, 10n)] }, // the poor pay 5, then nothing
      { modelId: small, items: [item(2, small, 2n)] }, // nothing at all
      { modelId: small, items: [item(2, small, 6n)] }
    ])
    const batches = await read()
    expect(batches.map(({ number, header }) => [number, header.count])).to.deep.equal([
      [0, 1],
      [1, 5]
    ])
    expect(paidOf(batches[1]!)).to.deep.equal([
      [0n, 2n],
      [1n, 3n],
      [0n, 5n],
      [0n, 4n],
      [2n, 6n]
    ])
    for (const batch of batches) {
      expect(batch.leaves?.map(({ to }) => to)).to.deep.equal(batch.payments.map(({ to }) => to))
      expect(batchRoot((batch.leaves ?? []).map(batchLeaf))).to.equal(batch.header.root)
      expect(batch.payments.reduce((sum, { from, to }) => sum + to - from, 0n)).to.equal(batch.header.total)
      expect(await isCommitted(provider.ledger, batch)).to.equal(true)
    }
    const partial = batches[1]!.leaves![2]!
    expect([partial.to, partial.workRoot]).to.deep.equal([5n * OPEN, item(1, large, 9n).workRoot])
    expect(await isCommitted(provider.ledger, { ...batches[1]!, number: 0 })).to.equal(false)
  })

  it('are found inside the calldata of whoever wraps a settlement, and nothing else is taken for one', async () => {
    const wrapped = (change: (input: string) => string): Rpc => {
      const rpc = new Rpc(market.rpc.url)
      const send = rpc.send.bind(rpc)
      rpc.send = async (method, params) => {
        const reply = await send(method, params)
        if (method !== 'eth_getTransactionByHash') return reply
        return { ...(reply as object), input: change((reply as { input: string }).input) }
      }
      return rpc
    }
    const selector = (input: string): string => input.slice(2, 10)
    const inside = await read(
      wrapped((input) => `0x${'1cff79cd'}${selector(input)}${'00'.repeat(40)}${input.slice(2)}${'00'.repeat(7)}`)
    )
    expect(inside.map(({ leaves }) => leaves !== null)).to.deep.equal([true, true])
    for (const change of [
      () => '0x',
      (input: string) => input.slice(0, 200),
      (input: string) => `0x${selector(input).repeat(99)}`
    ]) {
      const hidden = await read(wrapped(change))
      expect(hidden.map(({ leaves }) => leaves)).to.deep.equal([null, null])
      expect(hidden.map(({ header }) => header.total)).to.deep.equal((await read()).map(({ header }) => header.total))
    }
  })

  it('are read with the transaction that settled them: who sent it, to whom, and the vouchers as they were signed', async () => {
    const [, batch] = await read()
    const { sender, to, input, call } = await readSettlement(market.rpc, batch!)
    expect([sender, to]).to.deep.equal([provider.wallet.address, market.deployment.ledger])
    expect([call?.method, call?.at, call?.leaves]).to.deep.equal(['settle', 0, batch!.leaves])
    const signed = item(1, large, 9n) // of which the poor could pay 5
    const { r, vs } = compactSignature(signed.signature)
    const { client, cumulative, units, workRoot } = signed
    expect(call?.claims[2]).to.deep.equal({ client, modelId: large, cumulative, units, workRoot, signature: r + vs.slice(2) })
    for (const { signature } of call?.claims ?? []) expect(input).to.include(signature.slice(2))
  })

  it('cannot be read where the node no longer has the transaction', async () => {
    const [batch] = await read()
    const pruned = readSettlement(market.rpc, { ...batch!, transaction: hashOf('long ago') })
    expect(await codeOfRejection(pruned)).to.equal('CHAIN_PRUNED')
  })

  it('answer what a proof asks', async () => {
    const chain = proofChain(provider.ledger, provider.registry)
    const [, second] = await read()
    const address = provider.wallet.address
    const { root, total, count, postedAt } = second!.header
    expect(await chain.settledIn(second!.transaction)).to.deep.equal([
      { provider: address, number: 1, root, total, count, block: second!.block, postedAt }
    ])
    expect(await chain.settledIn(hashOf('no such transaction'))).to.deep.equal([])
    expect(await chain.isKeyOf(address, named('nobody').address)).to.equal(false)
    const leaves = second!.leaves!.map(batchLeaf)
    expect(batchProof(leaves, 4)).to.have.length.within(2, 3)
  })
})

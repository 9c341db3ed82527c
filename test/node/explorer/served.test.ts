import { expect } from 'chai'
import { openIndexStore } from '../../../node/explorer/index-store.ts'
import { Overlay } from '../../../node/explorer/overlay.ts'
import { keys } from '../../../node/explorer/rows.ts'
import { addServed, type PriceRow, type ServedModelRow, type ServedRow, servedBy } from '../../../node/explorer/served.ts'
import type { Hex } from '../../../sdk/protocol/eth.ts'
import { EndReason, type WorkReceipt } from '../../../sdk/protocol/typed-data.ts'
import { addressOf } from './fake-chain.ts'
import { folders } from './index-states.ts'

const DAY = 86_400
const hash = (byte: string): Hex => `0x${byte.repeat(32)}`
const [provider, client, modelId] = [addressOf('provider'), addressOf('client'), hash('0a')]
const common = { sessionId: hash('01'), leg: 0, client, provider, modelId }
const hashes = { outputHash: hash('02'), kvHead: hash('03'), fingerprint: hash('04') }
const receipt = (over: Partial<WorkReceipt>): WorkReceipt => {
  return { ...common, ...hashes, seq: 0, from: 0, to: 10, promptUnits: 0, amount: 50n, end: EndReason.running, ...over }
}

describe('what receipts tell of the work', () => {
  const dirs = folders()
  after(() => dirs.remove())
  const added = async (receipts: [WorkReceipt, paidAt: number][]) => {
    const store = await openIndexStore(dirs.make())
    const rows = new Overlay(store)
    for (const [one, paidAt] of receipts) {
      await rows.load(servedBy(one, paidAt))
      addServed(rows, one, paidAt)
    }
    await store.close()
    return rows
  }

  it('is told by day, and the newest price by when it was paid, in whatever order receipts come', async () => {
    const rows = await added([
      [receipt({ amount: 50n }), 3 * DAY + 7],
      [receipt({ amount: 90n, end: EndReason.silent }), DAY],
      [receipt({ amount: 70n, to: 5 }), 3 * DAY]
    ])
    const day3: PriceRow = { day: 3 * DAY, written: 15n, paid: 120n, low: 5n, high: 14n }
    expect(rows.read(keys.priceOnDay(modelId, 3 * DAY))).to.deep.equal(day3)
    expect(rows.read(keys.priceOnDay(modelId, DAY))).to.include({ paid: 90n, low: 9n, high: 9n })
    const model = rows.read<ServedModelRow>(keys.servedModel(provider, modelId))
    expect(model).to.deep.include({ paid: 210n, written: 25n, price: 5n, pricedAt: 3 * DAY + 7, ends: { silent: 1 } })
  })

  it('holds no price where a prompt was charged too, or nothing was written', async () => {
    const rows = await added([
      [receipt({ promptUnits: 4 }), DAY],
      [receipt({ to: 0, amount: 0n, end: EndReason.cancelled }), DAY]
    ])
    expect(rows.read(keys.priceOnDay(modelId, DAY))).to.equal(undefined)
    const all = { receipts: 2, read: 4n, written: 6n, ends: { cancelled: 1 } }
    expect(rows.read<ServedRow>(keys.served('all'))).to.deep.equal(all)
    expect(rows.read(keys.servedModel(provider, modelId))).to.include({ price: null })
  })

  it('is exact however much people who pay themselves claim', async () => {
    const much = receipt({ to: Number.MAX_SAFE_INTEGER, promptUnits: Number.MAX_SAFE_INTEGER })
    const rows = await added([0, 1, 2].map(() => [much, DAY]))
    expect(rows.read<ServedRow>(keys.served('all'))).to.include({ read: 3n * BigInt(Number.MAX_SAFE_INTEGER), written: 0n })
    const backwards = await added([[receipt({ from: Number.MAX_SAFE_INTEGER, to: 0 }), DAY]])
    expect(backwards.read<ServedRow>(keys.served('all'))).to.include({ receipts: 1, read: 0n, written: 0n })
  })
})

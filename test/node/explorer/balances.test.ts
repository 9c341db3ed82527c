/** Balances and periods of the index against sums made from the raw logs, to the wei, also after the chain was reorganised around a midnight. */
import { expect } from 'chai'
import { type BalanceRow, readBalances, type Side, type Step } from '../../../node/explorer/balances.ts'
import type { IndexStore } from '../../../node/explorer/index-store.ts'
import type { Indexer } from '../../../node/explorer/indexer.ts'
import { type PeriodRow, readPeriods, startOf, type Unit, type Whose } from '../../../node/explorer/periods.ts'
import { type ClientRow, type EventRow, keys, type ProviderRow } from '../../../node/explorer/rows.ts'
import { linesOf } from '../../../node/explorer/statement.ts'
import { readEvents } from '../../../sdk/chain/events.ts'
import type { Address } from '../../../sdk/protocol/eth.ts'
import { decodeJson } from '../../../sdk/protocol/json.ts'
import { addressOf, deployment, FakeChain } from './fake-chain.ts'
import { folders, followToHead, freshRows, openIndex, rowsOf } from './index-states.ts'

const GENESIS = 1_700_000_000 // the fake chain's: a block a second
const MIDNIGHT = 6_400 // blocks to the first one

const signs: Record<Side, Partial<Record<string, bigint>>> = {
  escrow: { deposit: 1n, withdrawal: -1n, spent: -1n },
  claimable: { earned: 1n, royalty: -1n, claimed: -1n }
}

/** What the lines of the statement come to: after each transaction, since a batch earns by groups and is paid as one. */
const walked = (
  events: readonly EventRow[],
  side: Side,
  account: Address
): { at: number; transaction: string; balance: bigint }[] => {
  const points: { at: number; transaction: string; balance: bigint }[] = []
  let balance = 0n
  for (const event of events) {
    const lines = linesOf(event, account).filter(({ kind }) => signs[side][kind] !== undefined)
    if (lines.length === 0) continue
    for (const { kind, amount } of lines) balance += amount * (signs[side][kind] as bigint)
    if (points.at(-1)?.transaction === event.transaction) points.pop()
    points.push({ at: event.at, transaction: event.transaction, balance })
  }
  return points
}

/** The last of each period. */
const lastBy = (points: { at: number; balance: bigint }[], unit: Unit): [number, bigint][] => [
  ...new Map(points.map(({ at, balance }) => [startOf(at, unit), balance]))
]

describe('balances and periods', function () {
  this.timeout(120_000)
  const dirs = folders()
  let chain: FakeChain
  let store: IndexStore
  let indexer: Indexer
  let events: EventRow[]

  before(async () => {
    chain = new FakeChain(11)
    chain.mine(MIDNIGHT + 40, 1)
    ;({ store, indexer } = await openIndex(chain, dirs.make(), 256))
    await followToHead(indexer)
    for (const depth of [30, 120]) {
      chain.reorganise(depth, 1)
      await followToHead(indexer)
    }
    chain.mine(100, 1)
    await followToHead(indexer)
    events = []
    for await (const event of readEvents(chain.rpc, deployment, 1, chain.head)) {
      events.push({ ...event, at: GENESIS + event.block })
    }
  })
  after(async () => {
    await store.close()
    dirs.remove()
  })

  const all = async <Row>(
    page: (cursor: string | undefined) => Promise<{ items: Row[]; next: string | null }>
  ): Promise<Row[]> => {
    const rows: Row[] = []
    let cursor: string | undefined
    do {
      const { items, next } = await page(cursor)
      rows.push(...items)
      cursor = next ?? undefined
    } while (cursor !== undefined)
    return rows.reverse()
  }
  const balances = (side: Side, account: Address, step: Step): Promise<BalanceRow[]> =>
    all((cursor) => readBalances(store, side, account, step, { cursor, limit: '200' }))
  const accounts: [Side, Address][] = [
    ...Array.from({ length: 20 }, (_, i): [Side, Address] => ['escrow', addressOf(`client ${i}`)]),
    ...Array.from({ length: 5 }, (_, i): [Side, Address] => ['claimable', addressOf(`provider ${i}`)])
  ]

  it('are those of a fresh index after a reorganisation around midnight', async () => {
    expect(await rowsOf(store)).to.deep.equal(await freshRows(chain, dirs.make()))
  })

  it('are exact to the wei after every change, and name its event', async () => {
    for (const [side, account] of accounts) {
      const rows = await balances(side, account, 'change')
      const points = walked(events, side, account)
      expect(points.length, `${side} of ${account}`).to.be.above(2)
      // A client that two groups of a batch name has a row for each.
      const atEnds = new Map(rows.map((row) => [transactionOf(row), row.balance]))
      expect([...atEnds]).to.deep.equal(points.map(({ transaction, balance }) => [transaction, balance]))
    }
  })
  const transactionOf = ({ block, logIndex }: BalanceRow): string | undefined =>
    events.find((event) => event.block === block && event.logIndex === logIndex)?.transaction

  it('end at what the account’s own row says', async () => {
    for (const [side, account] of accounts) {
      const last = (await balances(side, account, 'change')).at(-1)?.balance
      const bytes = await store.get(side === 'escrow' ? keys.client(account) : keys.provider(account))
      if (side === 'escrow') {
        const { deposited, withdrawn, spent } = decodeJson<ClientRow>(bytes!)
        expect(last).to.equal(deposited - withdrawn - spent)
      } else {
        const { earned, claimed } = decodeJson<ProviderRow>(bytes!)
        expect(last).to.equal(earned - claimed)
      }
    }
  })

  it('are told by the last of each hour and day', async () => {
    for (const [side, account] of accounts) {
      const points = walked(events, side, account)
      for (const step of ['hour', 'day'] as const) {
        const rows = await balances(side, account, step)
        expect(rows.map(({ at, balance }) => [startOf(at, step), balance])).to.deep.equal(lastBy(points, step))
      }
    }
  })

  it('sum what was settled by hour, day and week, of all, of a provider and of a model', async () => {
    const groups = events.filter((event) => event.name === 'GroupSettled')
    const told: [Whose, Unit][] = [
      ['all', 'hour'],
      ['all', 'day'],
      ['all', 'week'],
      [addressOf('provider 1'), 'day'],
      [groups[0]!.modelId, 'day']
    ]
    for (const [whose, unit] of told) {
      const sums = new Map<number, { settled: bigint; royalties: bigint; batches: Set<string>; payments: number }>()
      for (const { at, provider, modelId, batch, royalty, paid } of groups) {
        if (![provider, modelId, 'all'].includes(whose)) continue
        const start = startOf(at, unit)
        const known = sums.get(start) ?? { settled: 0n, royalties: 0n, batches: new Set(), payments: 0 }
        known.settled += paid.reduce((sum, { amount }) => sum + amount, 0n)
        known.royalties += royalty
        known.payments += paid.length
        sums.set(start, { ...known, batches: known.batches.add(`${provider}:${batch}`) })
      }
      const rows = await all((cursor) => readPeriods(store, whose, unit, { cursor, limit: '2' }))
      expect(rows, `${whose} by ${unit}`).to.deep.equal(
        [...sums].map(([start, { batches, ...rest }]) => ({ [unit]: start, ...rest, batches: batches.size, written: 0n }))
      )
    }
    const hours = await store.range({ prefix: 'pe:all:hour:', limit: 10 })
    expect(hours.map(([, value]) => decodeJson<PeriodRow>(value).start % 3_600)).to.deep.equal([0, 0, 0])
  })

  it('begin weeks on Mondays, in UTC', () => {
    const monday = Date.UTC(2026, 10, 30) / 1_000
    for (const at of [monday, monday + 1, monday + 7 * 86_400 - 1]) expect(startOf(at, 'week')).to.equal(monday)
    expect(startOf(monday - 1, 'week')).to.equal(monday - 7 * 86_400)
    expect(startOf(0, 'week'), 'a Thursday').to.equal(-3 * 86_400)
  })
})

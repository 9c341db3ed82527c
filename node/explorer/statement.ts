/** One account's money, oldest first, as pages of JSON and as CSV: every line names the transaction that proves it. */

import type { ChainEventOf } from 'openseam/chain/events'
import type { Wei } from 'openseam/protocol/amounts'
import { formatOpen } from 'openseam/protocol/amounts'
import type { Address, Hex } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import { type Page, type PageQuery, readPage } from './pages.ts'
import type { EventRow } from './rows.ts'

interface Line {
  kind: 'deposit' | 'withdrawal' | 'spent' | 'earned' | 'royalty' | 'claimed' | 'received' | 'slashed'
  amount: Wei
  /** The other side, where there is one. */
  other: string
  batch: number | ''
}

/** A line and where it happened. */
interface PlacedLine extends Line {
  at: number
  block: number
  transaction: Hex
  logIndex: number
}

const HEADER = 'time,kind,open,wei,counterparty,batch,block,transaction,log\r\n'
const EVENTS_AT_ONCE = 200

/** The lines of `limit` events, so a page may have more lines than that, or none. */
export const statementPage = async (store: IndexStore, account: Address, query: PageQuery): Promise<Page<PlacedLine>> => {
  const prefix = `ac:${account}:`
  const target = (key: string): string => `ev:${key.slice(prefix.length)}`
  const item = (value: Uint8Array): EventRow => decodeJson(value)
  const { items, next } = await readPage<EventRow>(store, query, { prefix, target, item })
  return { items: items.flatMap((event) => placed(event, account)), next }
}

/** Streams: an account's history has no bound. `period` is how the dates of its lines begin, in UTC. */
export const statementCsv = (store: IndexStore, account: Address, period = ''): Response => {
  const gone = new AbortController()
  const lines = statementLines(store, account, period, gone.signal)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      gone.abort() // it may be reading on through what is of no such period
      await lines.return()
    }
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="openseam-${[account, ...(period === '' ? [] : [period])].join('-')}.csv"`
    }
  })
}

async function* statementLines(
  store: IndexStore,
  account: Address,
  period: string,
  gone: AbortSignal
): AsyncGenerator<string, void> {
  yield HEADER
  const prefix = `ac:${account}:`
  let after = prefix
  for (;;) {
    const found = await store.range({ prefix, after, limit: EVENTS_AT_ONCE })
    const events = await store.getMany(found.map(([key]) => `ev:${key.slice(prefix.length)}`))
    const text = events.map((bytes) => (bytes === undefined ? '' : csvOf(decodeJson(bytes), account, period))).join('')
    after = found.at(-1)?.[0] ?? after
    if (text !== '') yield text
    if (found.length < EVENTS_AT_ONCE || gone.aborted) return
  }
}

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString()

const placed = (event: EventRow, account: Address): PlacedLine[] => {
  const { at, block, transaction, logIndex } = event
  return linesOf(event, account).map((line) => ({ ...line, at, block, transaction, logIndex }))
}

const csvOf = (event: EventRow, account: Address, period: string): string =>
  placed(event, account)
    .filter(({ at }) => timeOf(at).startsWith(period))
    .map(({ kind, amount, other, batch, at, block, transaction, logIndex }) => {
      return `${[timeOf(at), kind, formatOpen(amount), amount, other, batch, block, transaction, logIndex].join(',')}\r\n`
    })
    .join('')

/** What an event did to one account's money. An account that pays itself has both lines. */
export const linesOf = (event: EventRow, account: Address): Line[] => {
  switch (event.name) {
    case 'Deposited':
      return event.client === account ? [{ kind: 'deposit', amount: event.amount, other: event.from, batch: '' }] : []
    case 'Withdrawn':
      return event.client === account ? [{ kind: 'withdrawal', amount: event.amount, other: '', batch: '' }] : []
    case 'Claimed':
      return claimOf(event, account)
    case 'RoyaltyClaimed':
      return event.to === account ? [{ kind: 'received', amount: event.amount, other: event.modelId, batch: '' }] : []
    case 'Slashed':
      return event.provider === account ? [{ kind: 'slashed', amount: event.amount, other: '', batch: '' }] : []
    case 'GroupSettled': {
      const { provider, modelId, batch, royalty, paid } = event
      const spent = paid
        .filter(({ client }) => client === account)
        .map(({ amount }): Line => ({ kind: 'spent', amount, other: provider, batch }))
      if (provider !== account) return spent
      const earned = paid.map(({ client, amount }): Line => ({ kind: 'earned', amount, other: client, batch }))
      // Taken from what was earned: the model's payees have it.
      const shared: Line[] = royalty === 0n ? [] : [{ kind: 'royalty', amount: royalty, other: modelId, batch }]
      return [...spent, ...earned, ...shared]
    }
    default:
      return []
  }
}

/** A provider may have it sent to another account, whose statement then says from whom it came. */
const claimOf = ({ provider, to, amount }: ChainEventOf<'Claimed'>, account: Address): Line[] => {
  const claimed: Line[] = provider === account ? [{ kind: 'claimed', amount, other: to, batch: '' }] : []
  const received: Line[] = to === account && to !== provider ? [{ kind: 'received', amount, other: provider, batch: '' }] : []
  return [...claimed, ...received]
}

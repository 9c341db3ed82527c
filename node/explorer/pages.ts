/** Lists a page at a time, in at most two reads: a cursor names the last row that was seen, so rows that arrive meanwhile are neither skipped nor told twice. */
import { SeamError } from 'openseam/protocol/errors'
import { EXPLORER_PAGE_MAX } from 'openseam/protocol/limits'
import type { IndexStore } from './index-store.ts'

export interface PageQuery {
  cursor?: string | undefined
  limit?: string | undefined
}

export interface Page<Item> {
  items: Item[]
  /** For `?cursor=`; null at the end. */
  next: string | null
}

export interface ListPlan<Item> {
  prefix: string
  reverse?: boolean
  /** Where the list holds pointers: the key of the row that one leads to. */
  target?(key: string, value: Uint8Array): string
  /** Null for a row that is not shown. */
  item(value: Uint8Array): Item | null
}

const PAGE_DEFAULT = 50

/** Throws BAD_REQUEST for a cursor or a limit that this list did not give. */
export const readPage = async <Item>(store: IndexStore, query: PageQuery, plan: ListPlan<Item>): Promise<Page<Item>> => {
  const limit = limitOf(query.limit)
  const { prefix, reverse = false, target } = plan
  const after = query.cursor === undefined ? undefined : cursorOf(query.cursor, prefix)
  const found = await store.range({ prefix, reverse, limit: limit + 1, ...(after !== undefined && { after }) })
  const shown = found.slice(0, limit)
  const values =
    target === undefined ? shown.map(([, value]) => value) : await store.getMany(shown.map(([key, value]) => target(key, value)))
  const items = values.map((value) => (value === undefined ? null : plan.item(value)))
  const last = shown.at(-1)
  return {
    items: items.filter((item) => item !== null),
    next: found.length > limit && last !== undefined ? Buffer.from(last[0].slice(prefix.length)).toString('base64url') : null
  }
}

/** As `readPage`, of rows at hand. A key names a row for good, and is what they are sorted by: rows may come and go between two pages. */
export const pageOfRows = <Item>(rows: readonly Item[], query: PageQuery, keyOf: (item: Item) => string): Page<Item> => {
  const limit = limitOf(query.limit)
  const after = query.cursor === undefined ? '' : cursorOf(query.cursor, '')
  const found = rows.filter((row) => keyOf(row) > after).slice(0, limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? Buffer.from(keyOf(last)).toString('base64url') : null }
}

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return PAGE_DEFAULT
  const limit = Number(text)
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= EXPLORER_PAGE_MAX) return limit
  throw new SeamError('BAD_REQUEST', `limit is a whole number from 1 to ${EXPLORER_PAGE_MAX}`)
}

const cursorOf = (text: string, prefix: string): string => {
  const key = Buffer.from(text, 'base64url').toString()
  if (text.length <= 256 && /^[\x21-\x7e]+$/.test(key)) return `${prefix}${key}`
  throw new SeamError('BAD_REQUEST', 'cursor is what `next` of the page before says')
}

/** Where an id, an account or a transaction leads to, whole or by how it begins: paths of the API. */
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'

const BEGINNING = /^0x[0-9a-f]{4,64}$/
const WHOLE = /^0x([0-9a-f]{40}|[0-9a-f]{64})$/
const FOUND_MAX = 16 // batches of one transaction, say
const OF_EACH = 3 // kind, where an id only begins like this: no kind hides another

/** By the prefix of their keys, behind which an id stands. */
const lists: Record<string, string> = {
  'rv:': '/api/sessions',
  'rc:': '/api/receipts',
  'mo:': '/api/models',
  'ca:': '/api/disputes',
  'pr:': '/api/providers',
  'cl:': '/api/accounts'
}

export const search = async (store: IndexStore, text: string): Promise<string[]> => {
  const beginning = text.trim().toLowerCase()
  if (!BEGINNING.test(beginning)) return []
  const limit = WHOLE.test(beginning) ? FOUND_MAX : OF_EACH
  const found = Object.entries(lists).map(async ([prefix, list]) => {
    const rows = await store.range({ prefix: `${prefix}${beginning}`, limit })
    return rows.map(([key]) => `${list}/${key.slice(prefix.length)}`)
  })
  return [...new Set((await Promise.all([...found, batchesOf(store, beginning, limit)])).flat())]
}

const batchesOf = async (store: IndexStore, transaction: string, limit: number): Promise<string[]> => {
  const pointers = await store.range({ prefix: `tx:${transaction}`, limit })
  return pointers.map(([, pointer]) => {
    const [, provider, number] = decodeJson<string>(pointer).split(':')
    return `/api/batches/${provider}/${Number(number)}`
  })
}

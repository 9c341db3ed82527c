/** Where an id, an account or a transaction leads to, whole or by how it begins: paths of the API. */
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'

const BEGINNING = /^0x[0-9a-f]{4,64}$/
const FOUND_MAX = 16

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
  const found = Object.entries(lists).map(async ([prefix, list]) => {
    const rows = await store.range({ prefix: `${prefix}${beginning}`, limit: FOUND_MAX })
    return rows.map(([key]) => `${list}/${key.slice(prefix.length)}`)
  })
  const paths = (await Promise.all([...found, batchesOf(store, beginning)])).flat()
  return [...new Set(paths)].slice(0, FOUND_MAX)
}

const batchesOf = async (store: IndexStore, transaction: string): Promise<string[]> => {
  const pointers = await store.range({ prefix: `tx:${transaction}`, limit: FOUND_MAX })
  return pointers.map(([, pointer]) => {
    const [, provider, number] = decodeJson<string>(pointer).split(':')
    return `/api/batches/${provider}/${Number(number)}`
  })
}

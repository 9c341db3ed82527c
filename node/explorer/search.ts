/** Where an id, an account, a transaction or a name leads to, whole or by how it begins: paths of the API. */
import type { Deployment } from 'openseam/chain/deploy'
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import type { Names } from './names.ts'
import { contractsOf } from './tags.ts'

const BEGINNING = /^0x[0-9a-f]{4,64}$/
const WHOLE = /^0x([0-9a-f]{40}|[0-9a-f]{64})$/
const NAME = /^[ -~]{2,64}$/
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

/** Accounts of which there is no more to tell than what they are: keys of providers, payees of models. */
const tagged = ['ke:', 'py:']

export interface Searched {
  store: IndexStore
  names: Names
  deployment: Deployment
}

export const search = async ({ store, names, deployment }: Searched, text: string): Promise<string[]> => {
  const beginning = text.trim().toLowerCase()
  const contracts = contractsOf(deployment).filter(([name, address]) =>
    [name.toLowerCase(), address].some((one) => one.startsWith(beginning))
  )
  const ofContracts = contracts.map(([, address]) => tagsPath(address))
  if (BEGINNING.test(beginning)) return [...new Set([...(await byId(store, beginning)), ...ofContracts])]
  if (beginning.startsWith('0x') || !NAME.test(beginning)) return []
  return [...ofContracts, ...(await names.find(beginning)).map((modelId) => `/api/models/${modelId}`)]
}

const tagsPath = (account: string): string => `/api/accounts/${account}/tags`

const byId = async (store: IndexStore, beginning: string): Promise<string[]> => {
  const limit = WHOLE.test(beginning) ? FOUND_MAX : OF_EACH
  const found = Object.entries(lists).map(async ([prefix, list]) => {
    const rows = await store.range({ prefix: `${prefix}${beginning}`, limit })
    return rows.map(([key]) => `${list}/${key.slice(prefix.length)}`)
  })
  const [known, batches, accounts] = await Promise.all([
    Promise.all(found),
    batchesOf(store, beginning, limit),
    taggedAccounts(store, beginning, limit)
  ])
  const paths = [...known.flat(), ...batches]
  const told = new Set(paths.map((path) => path.split('/')[3]))
  return [...paths, ...accounts.filter((account) => !told.has(account)).map(tagsPath)]
}

const taggedAccounts = async (store: IndexStore, beginning: string, limit: number): Promise<string[]> => {
  const rows = await Promise.all(tagged.map((prefix) => store.range({ prefix: `${prefix}${beginning}`, limit })))
  return [...new Set(rows.flat().map(([key]) => key.split(':')[1] as string))]
}

const batchesOf = async (store: IndexStore, transaction: string, limit: number): Promise<string[]> => {
  const pointers = await store.range({ prefix: `tx:${transaction}`, limit })
  return pointers.map(([, pointer]) => {
    const [, provider, number] = decodeJson<string>(pointer).split(':')
    return `/api/batches/${provider}/${Number(number)}`
  })
}

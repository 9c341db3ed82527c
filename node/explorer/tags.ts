/** What the chain says an account is. Nobody's word: a tag is a contract's address, or rows that its events made. */
import type { Deployment } from 'openseam/chain/deploy'
import { type Address, type Bytes32, ZERO_ADDRESS } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { IndexStore } from './index-store.ts'
import { keys, type ProviderRow } from './rows.ts'

export type Tag =
  | { tag: 'contract'; name: string }
  | { tag: 'provider' }
  | { tag: 'client' }
  /** Signs for a provider that is another account. */
  | { tag: 'key'; of: Address; revoked: boolean }
  /** Shares in what is paid for a model. */
  | { tag: 'payee'; of: Bytes32 }

const PAYEE_OF_MAX = 8 // models that are named; that there are more is said

/** The contracts of a deployment by the names that its papers give them. */
export const contractsOf = ({ ledger, registry, token, models, court }: Deployment): [name: string, address: Address][] => {
  const all: [string, Address | null][] = [
    ['Ledger', ledger],
    ['Registry', registry],
    ['Token', token],
    ['Models', models],
    ['Court', court]
  ]
  // Where $OPEN is the chain's own coin there is no contract of it.
  return all.filter((one): one is [string, Address] => one[1] !== null && one[1] !== ZERO_ADDRESS)
}

/** Every account has an answer, most of them an empty one. `more`: it shares in more models than are told. */
export const tagsOf = async (
  store: IndexStore,
  deployment: Deployment,
  account: Address
): Promise<{ items: Tag[]; more: boolean }> => {
  const prefix = keys.payee(account, '0x').slice(0, -'0x'.length)
  const [[provider, client, key], payee] = await Promise.all([
    store.getMany([keys.provider(account), keys.client(account), keys.key(account)]),
    store.range({ prefix, limit: PAYEE_OF_MAX + 1 })
  ])
  const items: Tag[] = contractsOf(deployment)
    .filter(([, address]) => address === account)
    .map(([name]) => ({ tag: 'contract', name }))
  if (provider !== undefined) items.push({ tag: 'provider' })
  if (client !== undefined) items.push({ tag: 'client' })
  const of = key === undefined ? account : decodeJson<Address>(key)
  if (of !== account) items.push({ tag: 'key', of, revoked: await isRevoked(store, of, account) })
  for (const [row] of payee.slice(0, PAYEE_OF_MAX)) items.push({ tag: 'payee', of: row.slice(prefix.length) as Bytes32 })
  return { items, more: payee.length > PAYEE_OF_MAX }
}

const isRevoked = async (store: IndexStore, provider: Address, key: Address): Promise<boolean> => {
  const bytes = await store.get(keys.provider(provider))
  const known = bytes === undefined ? [] : decodeJson<ProviderRow>(bytes).keys
  return known.some((one) => one.key === key && one.revoked)
}

/** What vouchers are worth now: compared with the index, which alone says what was settled, whose keys count and what escrow is left. */
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'
import { decodeJson } from 'openseam/protocol/json'
import type { Voucher } from 'openseam/protocol/typed-data'
import type { IndexStore } from './index-store.ts'
import { type ClientRow, keys, type SignerRow } from './rows.ts'

/** A voucher, and the key that its signature recovers to. */
export interface KeptVoucher {
  voucher: Voucher
  signature: Hex
  signer: Address
  /** Seconds: when it was first shown. */
  seenAt: number
}

export interface PendingRow {
  provider: Address
  client: Address
  modelId: Bytes32
  /** What the client signed for in all, and what of it the chain paid. */
  total: Wei
  settled: Wei
  pending: Wei
  units: number
  workRoot: Bytes32
  signature: Hex
  /** The key that signed: the client's, as the index knows. */
  signer: Address
  /** Whether the client's escrow is enough for everything of it that is pending here. */
  covered: boolean
  seenAt: number
}

/** Names a channel among all. */
export const pendingKey = ({ provider, client, modelId }: Pick<PendingRow, 'provider' | 'client' | 'modelId'>): string =>
  `${provider}:${client}:${modelId}`

/** Those above their channel's settled total, in the order of provider, client and model. */
export const pendingRows = async (store: IndexStore, kept: readonly KeptVoucher[], nowSeconds: number): Promise<PendingRow[]> => {
  const channels = kept.map(({ voucher: { client, provider, modelId } }) => keys.channel(client, provider, modelId))
  const clients = [...new Set(kept.map(({ voucher }) => voucher.client))]
  // In one read: between two, a batch could be half of what is told.
  const rows = await indexRows(store, [...channels, ...clients.flatMap((client) => [keys.client(client), keys.signer(client)])])
  const owed = kept
    .map((one, i) => ({ ...one, settled: (rows.get(channels[i] as string) as Wei | undefined) ?? 0n }))
    .filter(({ voucher: { client, cumulative }, settled, signer }) => {
      return cumulative > settled && isKeyOf(client, signer, rows.get(keys.signer(client)) as SignerRow | undefined, nowSeconds)
    })
  const left = new Map(clients.map((client) => [client, escrowOf(rows.get(keys.client(client)) as ClientRow | undefined)]))
  const leftOf = (client: Address): Wei => left.get(client) ?? 0n
  for (const { voucher, settled } of owed) {
    left.set(voucher.client, leftOf(voucher.client) - (voucher.cumulative - settled))
  }
  return owed
    .map(({ voucher: { cumulative, ...voucher }, settled, ...rest }) => ({
      ...{ ...voucher, ...rest, total: cumulative, settled, pending: cumulative - settled },
      covered: leftOf(voucher.client) >= 0n
    }))
    .sort((a, b) => (pendingKey(a) < pendingKey(b) ? -1 : 1))
}

/** Those of the wanted rows that there are. */
export const indexRows = async (store: IndexStore, wanted: readonly string[]): Promise<Map<string, unknown>> => {
  const distinct = [...new Set(wanted)]
  const found = await store.getMany(distinct)
  const rows = new Map<string, unknown>()
  for (const [i, bytes] of found.entries()) if (bytes !== undefined) rows.set(distinct[i] as string, decodeJson(bytes))
  return rows
}

/** Whether the ledger would take that key's vouchers: until it names another key, a client signs for itself. */
export const isKeyOf = (client: Address, key: Address, row: SignerRow | undefined, nowSeconds: number): boolean => {
  if (row === undefined) return key === client
  return key === row.signer || (key === row.oldSigner && nowSeconds < row.oldValidUntil)
}

const escrowOf = (row: ClientRow | undefined): Wei => (row === undefined ? 0n : row.deposited - row.withdrawn - row.spent)

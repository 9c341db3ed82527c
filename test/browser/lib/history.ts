/** Events of a market that never owed: two months of deposits, batches and claims, one every three hours, the same each time. */
import type { EventRow } from '../../../node/explorer/rows.ts'
import type { Address, Hex } from '../../../sdk/protocol/eth.ts'

const HOURS = 3_600
const OPEN = 10n ** 18n

const hexOf = (byte: string, bytes: number): Hex => `0x${byte.repeat(bytes)}`
export const history = {
  client: hexOf('c1', 20) as Address,
  provider: hexOf('a1', 20) as Address,
  modelId: hexOf('b1', 32),
  /** Seconds: in the middle of an hour. */
  end: Date.UTC(2026, 5, 10, 20, 30) / 1_000
}

const { client, provider, modelId, end } = history
const COUNT = 480

export const historyEvents = (): EventRow[] => Array.from({ length: COUNT }, (_, i) => eventsAt(i)).flat()

const eventsAt = (i: number): EventRow[] => {
  const transaction = hexOf((16 + (i % 200)).toString(16), 32)
  const place = { block: i + 1, transaction, at: end - (COUNT - 1 - i) * 3 * HOURS, logIndex: 0 }
  if (i % 24 === 0) return [{ ...place, name: 'Deposited', client, from: client, amount: 100n * OPEN }]
  if (i % 40 === 39) return [{ ...place, name: 'Claimed', provider, to: provider, amount: 60n * OPEN }]
  const amount = OPEN * BigInt(2 + ((i * 7) % 5)) + 1n
  return [
    { ...place, name: 'GroupSettled', provider, modelId, batch: i, royalty: 3n, paid: [{ client, amount }] },
    { ...place, logIndex: 1, name: 'BatchSettled', provider, batch: i, root: modelId, total: amount, count: 1 }
  ]
}

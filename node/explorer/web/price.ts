/** Prices as people compare them: for a million positions. */
import type { Price } from './wire.ts'

export const perMillion = (wei: string | bigint): bigint => BigInt(wei) * 1_000_000n

/** Of a day's receipts together, for a million positions. */
export const meanOf = ({ paid, written }: Price): bigint => (BigInt(paid) * 1_000_000n) / BigInt(written)

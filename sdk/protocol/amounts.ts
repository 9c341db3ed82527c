/** Amounts of $OPEN. A wei is a uint96 everywhere: on the wire minimal big-endian bytes, in JSON a decimal string. Never a float. */
import { SeamError } from './errors.ts'

export type Wei = bigint

export const WEI_MAX: Wei = 2n ** 96n - 1n
export const WEI_BYTES_MAX = 12
export const OPEN_DECIMALS = 18

export const checkWei = (amount: bigint, name = 'amount'): Wei => {
  if (typeof amount !== 'bigint' || amount < 0n || amount > WEI_MAX) {
    throw new SeamError('WIRE_MALFORMED', `${name} must be a whole number of wei below 2^96, got ${String(amount)}`)
  }
  return amount
}

/** Zero is no bytes at all: one encoding a value, as the receiver checks. */
export const weiToBytes = (amount: Wei): Uint8Array<ArrayBuffer> => {
  const hex = checkWei(amount).toString(16)
  if (amount === 0n) return new Uint8Array(0)
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

export const weiFromBytes = (bytes: Uint8Array, name = 'amount'): Wei => {
  if (bytes.length > WEI_BYTES_MAX)
    throw new SeamError('WIRE_MALFORMED', `${name} has ${bytes.length} bytes, at most ${WEI_BYTES_MAX}`)
  if (bytes[0] === 0) throw new SeamError('WIRE_MALFORMED', `${name} starts with a zero byte: amounts are minimal`)
  let amount = 0n
  for (const byte of bytes) amount = (amount << 8n) | BigInt(byte)
  return amount
}

export const weiToString = (amount: Wei): string => checkWei(amount).toString()

export const weiFromString = (text: string, name = 'amount'): Wei => {
  if (!/^(0|[1-9][0-9]{0,28})$/.test(text)) {
    throw new SeamError('BAD_REQUEST', `${name} must be a decimal string of wei, got ${JSON.stringify(text.slice(0, 40))}`)
  }
  const amount = BigInt(text)
  if (amount > WEI_MAX) throw new SeamError('BAD_REQUEST', `${name} must be below 2^96 wei, got ${text}`)
  return amount
}

/** price x units, exact: a price is an integer of wei a position, so nothing is ever rounded. */
export const priceOf = (priceWei: Wei, units: number): Wei => {
  if (!Number.isSafeInteger(units) || units < 0)
    throw new SeamError('WIRE_MALFORMED', `units must be a whole number, got ${units}`)
  return checkWei(checkWei(priceWei, 'price') * BigInt(units), 'price x units')
}

/** Wei as OPEN for people to read: no trailing zeros, no rounding. */
export const formatOpen = (amount: Wei): string => {
  const digits = checkWei(amount)
    .toString()
    .padStart(OPEN_DECIMALS + 1, '0')
  const fraction = digits.slice(-OPEN_DECIMALS).replace(/0+$/, '')
  return fraction === '' ? digits.slice(0, -OPEN_DECIMALS) : `${digits.slice(0, -OPEN_DECIMALS)}.${fraction}`
}

export const parseOpen = (text: string): Wei => {
  const match = /^([0-9]{1,11})(?:\.([0-9]{1,18}))?$/.exec(text)
  if (match === null) throw new SeamError('BAD_REQUEST', `not an amount of OPEN: ${JSON.stringify(text.slice(0, 40))}`)
  return weiFromString((BigInt(match[1] ?? '0') * 10n ** 18n + BigInt((match[2] ?? '').padEnd(18, '0'))).toString())
}

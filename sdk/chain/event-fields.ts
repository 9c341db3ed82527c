/**
 * Reads the fields of event logs. All of ours are words or lists of words, so that a few slices of the hex do what a general decoder spends
 * most of a back-fill on; `test/sdk/chain/event-fields.test.ts` holds the two to the same answers.
 */
import type { EventFragment, ParamType } from 'ethers'
import { SeamError } from '../protocol/errors.ts'

/** A word is its 64 hex digits, without `0x`, in lower case. */
export type ReadWord = (word: string) => unknown

export interface FieldPlan {
  name: string
  indexed: boolean
  list: boolean
  read: ReadWord
}

export interface EventPlan {
  name: string
  /** Topics after the event's own. */
  indexed: number
  fields: FieldPlan[]
}

const WORD = 64

/** `special` says how a field is read, and under which name, where its type does not tell. Throws for an event with other fields than words. */
export const planOf = (
  fragment: EventFragment,
  special: (name: string) => { name?: string; read: ReadWord } | undefined
): EventPlan => {
  const fields = fragment.inputs.map((input): FieldPlan => {
    const { read, ...rest } = special(input.name) ?? { read: wordReader(input.arrayChildren ?? input) }
    return { name: input.name, indexed: input.indexed === true, list: input.arrayLength === -1, read, ...rest }
  })
  if (fields.some(({ indexed, list }) => indexed && list))
    throw new SeamError('INTERNAL', `${fragment.name}: a list has no topic`)
  return { name: fragment.name, indexed: fields.filter(({ indexed }) => indexed).length, fields }
}

const wordReader = ({ type }: ParamType): ReadWord => {
  if (type === 'address') return (word) => `0x${word.slice(-40)}`
  if (type === 'bytes32') return (word) => `0x${word}`
  const bits = /^uint(\d+)$/.exec(type)?.[1]
  if (bits === undefined) throw new SeamError('INTERNAL', `no word is read as ${type}`)
  return (word) => Number(`0x${word.slice(-Number(bits) / 4)}`)
}

/** An amount, exact. */
export const readWei: ReadWord = (word) => BigInt(`0x${word}`)

/** Throws CHAIN_DOWN for a log that is not of this shape: the contracts made it, so the endpoint changed it. */
export const readFields = (
  { name, indexed, fields }: EventPlan,
  topics: readonly string[],
  data: string
): Record<string, unknown> => {
  const hex = data.toLowerCase()
  const broken = (): SeamError => new SeamError('CHAIN_DOWN', `the endpoint shows a ${name} that no contract emits`)
  if (topics.length !== 1 + indexed || !/^0x[0-9a-f]*$/.test(hex)) throw broken()
  const wordAt = (at: number): string => {
    if (!Number.isSafeInteger(at) || at + WORD > hex.length) throw broken()
    return hex.slice(at, at + WORD)
  }
  const values: Record<string, unknown> = {}
  let topic = 1
  let head = 2
  for (const field of fields) {
    if (field.indexed) {
      const word = topics[topic++] as string
      if (!/^0x[0-9a-f]{64}$/i.test(word)) throw broken()
      values[field.name] = field.read(word.slice(2).toLowerCase())
      continue
    }
    const word = wordAt(head)
    head += WORD
    values[field.name] = field.list ? readList(2 + 2 * Number(`0x${word}`), wordAt, hex.length, field.read) : field.read(word)
  }
  return values
}

const readList = (at: number, wordAt: (at: number) => string, end: number, read: ReadWord): unknown[] => {
  const length = Number(`0x${wordAt(at)}`)
  if (length > (end - at) / WORD) wordAt(end) // throws before anything of that size is made
  return Array.from({ length }, (_, i) => read(wordAt(at + WORD * (i + 1))))
}

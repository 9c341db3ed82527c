/**
 * The opening of a session's last turn (docs/spec/fingerprint.md): what its receipts hash. Its owner alone has it, and whoever it is given to
 * reads the text and can run the work again. It opens no block and moves no money.
 */
import { packIds, unpackIds } from './bytes.ts'
import { SeamError } from './errors.ts'
import { type Bytes32, bytesToHex, type Hex, hexToBytes } from './eth.ts'
import { PRINT_BYTES, printBase } from './fingerprint.ts'
import { CONTEXT_MAX } from './limits.ts'
import { Sampling } from './pb/messages.js'
import { givenTo, outputHash, requestHash } from './work.ts'

export const OPENING_FORMAT = 'openseam-opening-1'
/** A whole context as hex, and room for the rest. */
export const OPENING_BYTES_MAX = CONTEXT_MAX * 2 * (4 + PRINT_BYTES) + 1024 ** 2
const LEGS_MAX = 1024
const SAMPLING_BYTES_MAX = 64 * 1024

/** A leg as the client opened it. */
export interface OpenedLeg {
  leg: number
  /** First position of the leg. */
  from: number
  /** 32 bytes. */
  salt: Uint8Array
}

export interface Opening {
  sessionId: Bytes32
  modelId: Bytes32
  /** Ids of positions [0, n): prompt and answer, earlier turns included. */
  ids: number[]
  /** First position of the answer. */
  completionFrom: number
  /** Entries of positions [completionFrom, n), as the peers sent them. */
  prints: Uint8Array
  /** An encoded wire `Sampling`, seed and grammar included. */
  sampling: Uint8Array
  /** By number. */
  legs: OpenedLeg[]
}

/** The base of a leg's fingerprints, from the opening alone. */
export const openedBase = (opening: Opening, leg: OpenedLeg): Bytes32 => {
  const { ids, completionFrom, sampling } = opening
  const request = requestHash(leg.salt, ids.slice(0, completionFrom), Sampling.decode(sampling))
  return printBase(leg.salt, request, outputHash(leg.salt, ids.slice(0, givenTo(leg.from, completionFrom))))
}

interface OpeningJson {
  format: typeof OPENING_FORMAT
  sessionId: Bytes32
  modelId: Bytes32
  ids: Hex
  completionFrom: number
  prints: Hex
  sampling: Hex
  legs: { leg: number; from: number; salt: Hex }[]
}

export const openingText = (opening: Opening): string => {
  const json: OpeningJson = {
    format: OPENING_FORMAT,
    sessionId: opening.sessionId,
    modelId: opening.modelId,
    ids: bytesToHex(packIds(opening.ids)),
    completionFrom: opening.completionFrom,
    prints: bytesToHex(opening.prints),
    sampling: bytesToHex(opening.sampling),
    legs: opening.legs.map(({ leg, from, salt }) => ({ leg, from, salt: bytesToHex(salt) }))
  }
  return `${JSON.stringify(json)}\n`
}

/** Reads an opening's text. Throws OPENING_INVALID naming the field; everything after may trust the shapes. */
export const readOpening = (text: string): Opening => {
  need(text.length <= OPENING_BYTES_MAX, `has at most ${OPENING_BYTES_MAX} bytes`)
  const json = parsed(text)
  need(json.format === OPENING_FORMAT, `is of the format ${OPENING_FORMAT}`)
  const packed = hex('ids', json.ids, 0, 4 * CONTEXT_MAX)
  need(packed.length % 4 === 0, 'has ids of 4 bytes')
  const ids = unpackIds(packed)
  const completionFrom = whole('completionFrom', json.completionFrom, ids.length)
  const count = ids.length - completionFrom
  const { legs } = json
  need(Array.isArray(legs) && legs.length <= LEGS_MAX, `has at most ${LEGS_MAX} legs`)
  const opened = (legs as unknown[]).map((value) => {
    const leg = object(value)
    return {
      leg: whole('leg', leg['leg'], 2 ** 32 - 1),
      from: whole('from', leg['from'], ids.length),
      salt: hex('salt', leg['salt'], 32, 32)
    }
  })
  need(
    opened.every(({ leg }, i) => i === 0 || leg > (opened[i - 1]?.leg ?? 0)),
    'has its legs by number, each once'
  )
  const sampling = hex('sampling', json.sampling, 0, SAMPLING_BYTES_MAX)
  try {
    Sampling.decode(sampling)
  } catch (cause) {
    throw new SeamError('OPENING_INVALID', 'an opening has sampling parameters that can be read', { cause })
  }
  return {
    sessionId: bytesToHex(hex('sessionId', json.sessionId, 32, 32)),
    modelId: bytesToHex(hex('modelId', json.modelId, 32, 32)),
    ids,
    completionFrom,
    prints: hex('prints', json.prints, count * PRINT_BYTES, count * PRINT_BYTES),
    sampling,
    legs: opened
  }
}

const parsed = (text: string): Record<keyof OpeningJson, unknown> => {
  try {
    return object(JSON.parse(text)) as Record<keyof OpeningJson, unknown>
  } catch (cause) {
    if (cause instanceof SeamError) throw cause
    throw new SeamError('OPENING_INVALID', 'an opening is JSON') // without the cause: it quotes the text
  }
}

const need = (holds: boolean, should: string): void => {
  if (!holds) throw new SeamError('OPENING_INVALID', `an opening ${should}`)
}

const object = (value: unknown): Record<string, unknown> => {
  need(typeof value === 'object' && value !== null && !Array.isArray(value), 'and each of its legs is an object')
  return value as Record<string, unknown>
}

const whole = (field: string, value: unknown, max: number): number => {
  need(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max, `has ${field} from 0 to ${max}`)
  return value as number
}

const hex = (field: string, value: unknown, min: number, max: number): Uint8Array<ArrayBuffer> => {
  need(
    typeof value === 'string' && value.length >= 2 + 2 * min && value.length <= 2 + 2 * max,
    `has ${field} as hex, ${min} to ${max} bytes`
  )
  try {
    return hexToBytes(value as string)
  } catch {
    throw new SeamError('OPENING_INVALID', `an opening has ${field} as hex`)
  }
}

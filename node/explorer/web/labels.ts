/** Names that a reader gives accounts, models and sessions, for that reader alone: what they may be, and the file they travel in. */
import { SeamError } from 'openseam/protocol/errors'

export const labelKinds = ['account', 'model', 'session'] as const
export type LabelKind = (typeof labelKinds)[number]

export interface Label {
  kind: LabelKind
  /** In lower case. */
  id: string
  name: string
}

/** By id. */
export type Labels = ReadonlyMap<string, Label>

export const LABELS_MAX = 500
export const LABEL_CHARACTERS_MAX = 48
/** Of a file, before it is read; more than so many labels ever need. */
export const LABELS_FILE_BYTES_MAX = 256 * 1024
export const LABELS_FORMAT = 'openseam-labels-1'

const idOf: Record<LabelKind, RegExp> = {
  account: /^0x[0-9a-f]{40}$/,
  model: /^0x[0-9a-f]{64}$/,
  session: /^0x[0-9a-f]{64}$/
}

/** What can be seen and read in order: neither controls nor what turns the direction of text, nor marks piled up over the lines around. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\u2800]|\p{M}{4}/u

/** What is wrong with a name, or with a file of names. */
export type LabelFault =
  | 'too long'
  | 'empty'
  | 'not seen'
  | 'like an id'
  | 'incomplete'
  | `no ${LabelKind}`
  | 'too large'
  | 'no JSON'
  | 'wrong format'
  | 'too many'
  | 'too many: remove some first'

/** `detail.fault` is a LabelFault: whoever has readers says it in their language. */
export const bad = (fault: LabelFault, { id, cause }: { id?: string; cause?: unknown } = {}): SeamError =>
  new SeamError('BAD_REQUEST', fault, { detail: { fault, id }, cause })

/** As it is kept. Throws BAD_REQUEST. */
export const readName = (text: string): string => {
  if (text.length > 4 * LABEL_CHARACTERS_MAX) throw bad('too long')
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '') throw bad('empty')
  if ([...name].length > LABEL_CHARACTERS_MAX) throw bad('too long')
  if (!PRINTABLE.test(name) || HIDDEN.test(name)) throw bad('not seen')
  if (/^0x/i.test(name)) throw bad('like an id')
  return name
}

/** Throws BAD_REQUEST. */
const readLabel = (value: unknown): Label => {
  const { kind, id, name } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const known = labelKinds.find((one) => one === kind)
  if (known === undefined || typeof id !== 'string' || typeof name !== 'string') throw bad('incomplete')
  const lower = id.slice(0, 80).toLowerCase()
  if (!idOf[known].test(lower)) throw bad(`no ${known}`, { id: id.slice(0, 80) })
  return { kind: known, id: lower, name: readName(name) }
}

/** All of a file or none of it. Throws BAD_REQUEST. */
export const readLabels = (text: string): Labels => {
  if (text.length > LABELS_FILE_BYTES_MAX) throw bad('too large')
  let file: { format?: unknown; labels?: unknown } | null
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw bad('no JSON', { cause })
  }
  if (file?.format !== LABELS_FORMAT || !Array.isArray(file.labels)) throw bad('wrong format')
  if (file.labels.length > LABELS_MAX) throw bad('too many')
  return new Map(file.labels.map(readLabel).map((label) => [label.id, label]))
}

export const writeLabels = (labels: Labels): string =>
  JSON.stringify({ format: LABELS_FORMAT, labels: [...labels.values()] }, null, 2)

/** Those of `news` in place of what was known. Throws BAD_REQUEST where they would be too many. */
export const withLabels = (known: Labels, news: Labels): Labels => {
  const all = new Map([...known, ...news])
  if (all.size > LABELS_MAX) throw bad('too many: remove some first')
  return all
}

const FOUND_MAX = 8

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Those whose name holds what was typed. */
export const labelsLike = (labels: Labels, typed: string): Label[] => {
  const text = folded(typed.trim())
  return text === '' ? [] : [...labels.values()].filter(({ name }) => folded(name).includes(text)).slice(0, FOUND_MAX)
}

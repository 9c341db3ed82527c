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
const FORMAT = 'openseam-labels-1'

const idOf: Record<LabelKind, RegExp> = {
  account: /^0x[0-9a-f]{40}$/,
  model: /^0x[0-9a-f]{64}$/,
  session: /^0x[0-9a-f]{64}$/
}

/** What can be seen and read in order: neither controls nor what turns the direction of text, nor marks piled up over the lines around. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\u2800]|\p{M}{4}/u

const bad = (message: string): SeamError => new SeamError('BAD_REQUEST', message)

/** As it is kept. Throws BAD_REQUEST with words for who typed it. */
export const readName = (text: string): string => {
  if (text.length > 4 * LABEL_CHARACTERS_MAX) throw bad(`A name has at most ${LABEL_CHARACTERS_MAX} characters.`)
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '') throw bad('A name has at least one character.')
  if ([...name].length > LABEL_CHARACTERS_MAX) throw bad(`A name has at most ${LABEL_CHARACTERS_MAX} characters.`)
  if (!PRINTABLE.test(name) || HIDDEN.test(name)) throw bad('A name is made of characters that can be seen.')
  if (/^0x/i.test(name)) throw bad('A name begins with something else than an id, which it stands for.')
  return name
}

/** Throws BAD_REQUEST. */
const readLabel = (value: unknown): Label => {
  const { kind, id, name } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const known = labelKinds.find((one) => one === kind)
  if (known === undefined || typeof id !== 'string' || typeof name !== 'string')
    throw bad('A label has a kind, an id and a name.')
  const lower = id.slice(0, 80).toLowerCase()
  if (!idOf[known].test(lower)) throw bad(`${id.slice(0, 80)} is the id of no ${known}.`)
  return { kind: known, id: lower, name: readName(name) }
}

/** All of a file or none of it. Throws BAD_REQUEST with words for who chose it. */
export const readLabels = (text: string): Labels => {
  if (text.length > LABELS_FILE_BYTES_MAX) throw bad(`A file of names has at most ${LABELS_FILE_BYTES_MAX / 1024} KiB.`)
  let file: { format?: unknown; labels?: unknown } | null
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw new SeamError('BAD_REQUEST', 'This is no file of names: it is no JSON.', { cause })
  }
  if (file?.format !== FORMAT || !Array.isArray(file.labels)) throw bad(`This is no file of names: its format is not ${FORMAT}.`)
  if (file.labels.length > LABELS_MAX) throw bad(`There are at most ${LABELS_MAX} names.`)
  return new Map(file.labels.map(readLabel).map((label) => [label.id, label]))
}

export const writeLabels = (labels: Labels): string => JSON.stringify({ format: FORMAT, labels: [...labels.values()] }, null, 2)

/** Those of `news` in place of what was known. Throws BAD_REQUEST where they would be too many. */
export const withLabels = (known: Labels, news: Labels): Labels => {
  const all = new Map([...known, ...news])
  if (all.size > LABELS_MAX) throw bad(`There are at most ${LABELS_MAX} names: remove some first.`)
  return all
}

const FOUND_MAX = 8

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Those whose name holds what was typed. */
export const labelsLike = (labels: Labels, typed: string): Label[] => {
  const text = folded(typed.trim())
  return text === '' ? [] : [...labels.values()].filter(({ name }) => folded(name).includes(text)).slice(0, FOUND_MAX)
}

/** What may go into a log: numbers, ids, addresses, codes. What people wrote, what was answered and what opens doors may not. */

const PRIVATE =
  /prompt$|messages$|content$|completion$|text$|secret|mnemonic|passphrase|password|authori[sz]ation|cookie|api_?key|bearer/i
/** A key of any kind, unless its name says that everyone may see it. */
const KEY = /key(s|pair)?$/i
const PUBLIC = /^(public|peer|client|provider|model|store|cache)_?-?key/i
const DEPTH_MAX = 6
const ITEMS_MAX = 100
const HIDDEN = '[hidden]'

const isPrivate = (name: string): boolean => PRIVATE.test(name) || (KEY.test(name) && !PUBLIC.test(name))

export const redact = (fields: Record<string, unknown>): Record<string, unknown> => object(fields, 0)

const object = (value: object, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    // A number or a truth under a private name is a count or a flag (`promptTokens` is not private, `prompt: 30` is harmless).
    Object.entries(value).map(([name, field]) => [name, isPrivate(name) && !isPlain(field) ? HIDDEN : clean(field, depth + 1)])
  )

const isPlain = (value: unknown): boolean => value == null || typeof value === 'number' || typeof value === 'boolean'

const clean = (value: unknown, depth: number): unknown => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return error(value, depth)
  // Bytes may be anything, a key too; their number is what helps in a log.
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  if (depth > DEPTH_MAX) return '...'
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => clean(item, depth + 1))
  return object(value, depth)
}

const error = (value: Error, depth: number): Record<string, unknown> => ({
  type: value.name,
  message: value.message,
  ...('code' in value ? { code: value.code } : {}),
  stack: value.stack,
  ...('detail' in value ? { detail: clean(value.detail, depth + 1) } : {}),
  ...(value.cause === undefined || depth > DEPTH_MAX ? {} : { cause: clean(value.cause, depth + 1) })
})

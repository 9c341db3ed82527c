/** A JSON value as Python's `str` writes it: some templates put tools into the prompt that way, and their models were trained on it. */
export const pythonText = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  return `{${Object.entries(value)
    .map(([key, entry]) => `${quoted(key)}: ${pythonText(entry)}`)
    .join(', ')}}`
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? character)
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote
}

/** Results as people read them: each list of rows is a table, whose nested figures stand in columns of their own. */

type Row = Record<string, unknown>

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `{gapMs: {p50: 3}}` as `{'gapMs p50': 3}`. */
const flat = (row: Row): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      isRecord(value)
        ? Object.entries(flat(value)).map(([inner, text]) => [`${name} ${inner}`, text])
        : [[name, Array.isArray(value) ? value.join(' to ') : String(value)]]
    )
  )

const tableOf = (rows: readonly Row[]): string => {
  const cells = rows.map(flat)
  const names = [...new Set(cells.flatMap((row) => Object.keys(row)))]
  const lines = [names, ...cells.map((row) => names.map((name) => row[name] ?? ''))]
  const widths = names.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)))
  return lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`).join('\n')
}

/** Lists of rows as tables, in Markdown without the rule under the head; anything else as one line of JSON. */
export const tablesOf = (results: object): string =>
  Object.entries(results)
    .map(([name, value]) =>
      Array.isArray(value) && value.length > 0 && value.every(isRecord)
        ? `${name}\n${tableOf(value)}`
        : `${name}: ${JSON.stringify(value)}`
    )
    .join('\n\n')

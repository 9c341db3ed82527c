/** Tables and colours for a terminal: aligned columns, green and red where a person looks on, plain text everywhere else. */

export interface Paint {
  good(text: string): string
  bad(text: string): string
  dim(text: string): string
}

const wrap =
  (code: number) =>
  (text: string): string =>
    `\x1b[${code}m${text}\x1b[0m`

const plain = (text: string): string => text
export const noPaint: Paint = { good: plain, bad: plain, dim: plain }

export const paintFor = (stream: { isTTY?: boolean }, env: Record<string, string | undefined> = process.env): Paint =>
  stream.isTTY === true && env['NO_COLOR'] === undefined ? { good: wrap(32), bad: wrap(31), dim: wrap(2) } : noPaint

/** Lines of two blanks and columns as wide as their widest cell; `paint` colours a whole row after it was measured. */
export const table = (rows: readonly (readonly string[])[], paint: (line: string, row: number) => string = plain): string => {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map(
      (row, i) =>
        `  ${paint(
          row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd(),
          i
        )}\n`
    )
    .join('')
}

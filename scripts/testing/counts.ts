/** How many tests passed and failed, read from what their runner printed. mocha and hardhat print the same summary. */
export interface Counts {
  passed: number
  failed: number
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const COLOUR = /\x1b\[[0-9;]*m/g

/** Whether the summary has begun. */
export const hasSum = (output: string): boolean => /^\s*\d+ passing\b/m.test(output.replace(COLOUR, ''))

/** The exit code has the last word: a runner that failed without saying so, or said nothing at all, counts as one failure. */
export const countsOf = (output: string, exitCode: number): Counts => {
  const plain = output.replace(COLOUR, '')
  const sum = (word: string): number =>
    [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b(?: \\([^)]*\\))?\\s*$`, 'gm'))].reduce(
      (total, match) => total + Number(match[1]),
      0
    )
  const counts = { passed: sum('passing'), failed: sum('failing') }
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) counts.failed = 1
  return counts
}

/** A check that is one thing: it holds or it does not. */
export const countsOfCheck = (_output: string, exitCode: number): Counts =>
  exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

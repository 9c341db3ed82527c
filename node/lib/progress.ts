/** Says on stderr what is going on when it takes longer than a second: a spinner for people, plain lines for logs. */
import type { Clock } from 'openseam/components'
import { systemClock } from 'openseam/components'

export interface Progress {
  /** A new text for the same work, e.g. with a count. */
  update(text: string): void
  done(text?: string): void
  /** Goes without a trace, where what comes next speaks for itself. */
  clear(): void
  fail(text?: string): void
}

export interface ProgressOptions {
  stream?: { isTTY?: boolean; columns?: number; write(text: string): unknown }
  clock?: Clock
}

const SILENT_MS = 1_000
const FRAME_MS = 80
const LINE_MS = 10_000
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export const startProgress = (text: string, { stream = process.stderr, clock = systemClock }: ProgressOptions = {}): Progress => {
  const tty = stream.isTTY === true
  const startedMs = clock.tickMs()
  const over = new AbortController()
  let shown = false
  let frame = 0
  let now = text
  const seconds = (): string => `${((clock.tickMs() - startedMs) / 1000).toFixed(1)} s`
  const draw = (): void => {
    shown = true
    const line = `${frames[frame++ % frames.length]} ${now} ${seconds()}`
    stream.write(tty ? `\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}` : `${now} ... ${seconds()}\n`)
  }
  const run = async (): Promise<void> => {
    for (let delayMs = SILENT_MS; ; delayMs = tty ? FRAME_MS : LINE_MS) {
      await clock.sleep(delayMs, over.signal)
      draw()
    }
  }
  run().catch(() => undefined) // ends by the abort below

  const clear = (): void => {
    if (tty && shown && !over.signal.aborted) stream.write('\r\x1b[2K')
    over.abort()
  }
  const end = (mark: string, last: string): void => {
    if (over.signal.aborted) return
    clear()
    if (shown) stream.write(`${mark}${last} (${seconds()})\n`)
  }
  return {
    update(text) {
      now = text
    },
    clear,
    done: (last = now) => end(tty ? '✓ ' : '', tty ? last : `${last}: done`),
    fail: (last = now) => end(tty ? '✗ ' : '', tty ? last : `${last}: failed`)
  }
}

/** Shows the text while the work goes on; hands its result or its error through. */
export const withProgress = async <Result>(
  text: string,
  work: (progress: Progress) => Promise<Result>,
  options?: ProgressOptions
): Promise<Result> => {
  const progress = startProgress(text, options)
  try {
    const result = await work(progress)
    progress.done()
    return result
  } catch (error) {
    progress.fail()
    throw error
  }
}

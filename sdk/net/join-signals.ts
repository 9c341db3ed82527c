/**
 * One signal of several, for work that may leave listeners behind. The runtime keeps a signal of `AbortSignal.any` for as long as somebody listens
 * to it and one of its sources may still abort: with a source that lives as long as the process, for ever, and with it all that the listener holds.
 */
export interface JoinedSignal {
  readonly signal: AbortSignal
  /** Aborts this signal alone. */
  abort(reason: unknown): void
  /** The work is over: the sources forget this signal. */
  release(): void
}

export const joinSignals = (...given: (AbortSignal | undefined)[]): JoinedSignal => {
  const joined = new AbortController()
  const sources = given.filter((source) => source !== undefined)
  const onAbort = ({ target }: Event): void => joined.abort((target as AbortSignal).reason)
  const release = (): void => {
    for (const source of sources) source.removeEventListener('abort', onAbort)
  }
  for (const source of sources) source.addEventListener('abort', onAbort, { once: true })
  const aborted = sources.find((source) => source.aborted)
  if (aborted !== undefined) joined.abort(aborted.reason)
  return { signal: joined.signal, abort: (reason) => joined.abort(reason), release }
}

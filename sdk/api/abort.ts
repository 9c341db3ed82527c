/** A caller that has left is answered at once; what it was waiting for ends by itself. */
import { SeamError } from '../protocol/errors.ts'

export interface RequestOptions {
  signal?: AbortSignal
}

export const cancelled = (): SeamError => new SeamError('CANCELLED', 'the caller gave the request up')

export const abortable = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  work.catch(() => undefined)
  if (signal.aborted) return Promise.reject(cancelled())
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

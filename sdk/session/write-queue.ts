/**
 * One order for everything a client writes: a batch is prepared when it is asked for, and reaches the disk after every batch that was
 * asked for before it, whichever session or channel it came from. So what is on disk is always a moment that really was.
 */
import { isShared, type SharedWrite, type Store, type StoreWrite } from '../components.ts'

export class WriteQueue {
  readonly store: Store
  #tail: Promise<void> = Promise.resolve()
  #last: Promise<void> = Promise.resolve()

  constructor(store: Store) {
    this.store = store
  }

  /** `writes` may still be sealing: its place in the order is taken now. Only a shared store takes updates. */
  write(writes: SharedWrite[] | Promise<SharedWrite[]>): Promise<void> {
    const ready = Promise.resolve(writes)
    ready.catch(() => undefined)
    const written = isShared(this.store) ? this.#handOver(this.store.batch.bind(this.store), ready) : this.#inTurn(ready)
    const before = this.#last
    this.#last = written.then(
      () => before,
      () => before
    )
    return written
  }

  /** Settles when everything asked for so far is on disk. */
  get settled(): Promise<void> {
    return this.#last
  }

  #inTurn(ready: Promise<SharedWrite[]>): Promise<void> {
    const written = this.#tail.then(async () => this.store.batch((await ready) as StoreWrite[]))
    this.#tail = written.catch(() => undefined)
    return written
  }

  /** A shared store keeps the order itself, and commits together what waits: so nothing is waited for but the sealing. */
  #handOver(batch: (writes: SharedWrite[]) => Promise<void>, ready: Promise<SharedWrite[]>): Promise<void> {
    const written = Promise.withResolvers<void>()
    const handed = this.#tail.then(async () => {
      const given = await ready
      written.resolve(batch(given))
    })
    this.#tail = handed.catch(written.reject)
    return written.promise
  }
}

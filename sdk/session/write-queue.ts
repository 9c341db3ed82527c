/**
 * One order for everything a client writes: a batch is prepared when it is asked for, and reaches the disk after every batch that was
 * asked for before it, whichever session or channel it came from. So what is on disk is always a moment that really was.
 */
import type { Store, StoreWrite } from '../components.ts'

export class WriteQueue {
  readonly store: Store
  #tail: Promise<void> = Promise.resolve()

  constructor(store: Store) {
    this.store = store
  }

  /** `writes` may still be sealing: its place in the order is taken now. */
  write(writes: StoreWrite[] | Promise<StoreWrite[]>): Promise<void> {
    const ready = Promise.resolve(writes)
    const written = this.#tail.then(async () => this.store.batch(await ready))
    this.#tail = written.catch(() => undefined)
    ready.catch(() => undefined)
    return written
  }

  /** Settles when everything asked for so far is on disk. */
  get settled(): Promise<void> {
    return this.#tail
  }
}

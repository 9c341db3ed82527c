/** A store that pages can be cut from, and many rows read at once. */
import type { Store, StoreWrite } from 'openseam/components'

export interface RangeQuery {
  prefix: string
  /** Starts behind this key, in the direction of the walk. */
  after?: string
  reverse?: boolean
  limit: number
}

export interface RangeStore extends Store {
  /** `given`: nobody changes the values any more, so that they need no copy while they wait. */
  batch(writes: StoreWrite[], options?: { durable?: boolean; given?: boolean }): Promise<void>
  /** One read for all of them, in their order. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>
  range(query: RangeQuery): Promise<[key: string, value: Uint8Array][]>
}

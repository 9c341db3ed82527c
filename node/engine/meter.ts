/** A rate over the recent time spent at it: idle time does not count, old time fades. */
export class Meter {
  readonly #halfLifeMs: number
  #count = 0
  #ms = 0

  constructor(halfLifeMs = 2000) {
    this.#halfLifeMs = halfLifeMs
  }

  add(count: number, ms: number): void {
    const fade = 0.5 ** (ms / this.#halfLifeMs)
    this.#count = this.#count * fade + count
    this.#ms = this.#ms * fade + ms
  }

  get perSecond(): number {
    return this.#ms > 0 ? (this.#count / this.#ms) * 1000 : 0
  }
}

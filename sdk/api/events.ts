/** What happens, told as it happens and whoever reads the answer: tokens, moves, payments, warnings. */
import type { Log } from '../components.ts'
import { codeOf } from '../protocol/errors.ts'
import type { TurnEvent } from '../session/types.ts'

type Of<Kind extends TurnEvent['kind']> = Omit<Extract<TurnEvent, { kind: Kind }>, 'kind'> & {
  /** The session's handle. */
  session: string
}

export interface SeamEvents {
  token: Of<'token'>
  switch: Of<'switch'>
  payment: Of<'payment'>
  warning: Of<'warning'>
}

type Listener<Name extends keyof SeamEvents> = (event: SeamEvents[Name]) => void

export class Events {
  readonly #listeners = new Map<string, Set<Listener<never>>>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  on<Name extends keyof SeamEvents>(name: Name, listener: Listener<Name>): () => void {
    const held = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, held.add(listener))
    return () => held.delete(listener)
  }

  /** A listener that throws is its owner's fault: it must not break an answer. */
  tell(session: string, events: TurnEvent[]): void {
    if (this.#listeners.size === 0) return
    for (const { kind, ...event } of events) {
      for (const listener of this.#listeners.get(kind) ?? []) {
        try {
          listener({ session, ...event } as never)
        } catch (error) {
          this.#log.error({ event: kind, code: codeOf(error) }, 'a listener failed')
        }
      }
    }
  }
}

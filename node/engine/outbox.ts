import type { TransferListItem } from 'node:worker_threads'
import { PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { engineDefaults } from './defaults.ts'
import { printRow } from './fingerprint.ts'
import type { EngineEvent, TokenLogprob } from './types.ts'

type Post = (events: [job: number, event: EngineEvent][], transfer: TransferListItem[]) => void
const PRINTS_BYTES = engineDefaults.flushTokens * PRINT_BYTES // a job draws one id a step, and an event with this many is sent at the end of it
type TokensEvent = Extract<EngineEvent, { kind: 'tokens' }>

/**
 * Gathers events so that a fast model does not pay for a message a token. Tokens wait a few milliseconds for company, and so does a block
 * behind the tokens that filled it; everything else, and the first token of a job, goes at the end of the step.
 */
export class Outbox {
  readonly #post: Post
  #events: [job: number, event: EngineEvent][] = []
  #transfer: TransferListItem[] = []
  #open = new Map<number, TokensEvent>()
  #urgent = false
  #sinceMs = 0
  #tokens = 0

  constructor(post: Post) {
    this.#post = post
  }

  push(job: number, event: EngineEvent): void {
    const waits = event.kind === 'block' && this.#open.has(job)
    this.#events.push([job, event])
    if (event.kind === 'block') this.#transfer.push(event.bytes.buffer)
    if (waits) return // tokens that still come may stand before it: they are known sooner, and a client has one frame instead of two
    this.#open.delete(job) // later tokens belong after this event
    this.#urgent = true
  }

  /** `row`: the logits it was drawn from, where their entry is wanted. */
  token(
    job: number,
    position: number,
    id: number,
    first: boolean,
    nowMs: number,
    logprob?: TokenLogprob,
    row?: Float32Array
  ): void {
    let open = this.#open.get(job)
    if (!open) {
      open = logprob ? { kind: 'tokens', from: position, ids: [], logprobs: [] } : { kind: 'tokens', from: position, ids: [] }
      this.#open.set(job, open)
      this.#events.push([job, open])
    }
    if (row) printRow(row, (open.prints ??= new Uint8Array(PRINTS_BYTES)), open.ids.length * PRINT_BYTES)
    open.ids.push(id)
    if (logprob) open.logprobs?.push(logprob)
    if (this.#tokens++ === 0) this.#sinceMs = nowMs
    if (first || open.ids.length >= engineDefaults.flushTokens) this.#urgent = true
  }

  /** Sends what is due; with `all` everything. Called once a step. */
  flush(nowMs: number, all = false): void {
    if (this.#events.length === 0) return
    if (!all && !this.#urgent && nowMs - this.#sinceMs < engineDefaults.flushMs) return
    const events = this.#events
    const transfer = this.#transfer
    this.#events = []
    this.#transfer = []
    this.#open.clear()
    this.#urgent = false
    this.#tokens = 0
    for (const [, event] of events)
      if (event.kind === 'tokens' && event.prints) event.prints = event.prints.slice(0, event.ids.length * PRINT_BYTES)
    this.#post(events, transfer)
  }
}

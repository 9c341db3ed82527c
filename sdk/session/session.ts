/** One conversation as its client holds it: root secret, token log, legs; and the order in which it reaches the disk. */
import type { Clock, SharedWrite } from '../components.ts'
import { bytesToHex, hexToBytes, keccak256 } from '../protocol/eth.ts'
import { PrintLog } from '../protocol/print-log.ts'
import type { Fence } from './fence.ts'
import { auditSalt, logKeyOf } from './keys.ts'
import type { Epoch, LegRecord, NewIds, SessionRecord, SessionStore } from './record.ts'
import type { ChatMessage } from './types.ts'

const EPOCHS_MAX = 64
const PERSIST_MS = 20 // the log on disk is at most this far behind what was shown

export class Session {
  readonly record: SessionRecord
  readonly root: Uint8Array
  readonly #logKey: Uint8Array
  /** Ids of positions [0, n): everything accepted, and the prompt of the running turn. */
  readonly ids: number[]
  /** What the peers of the running turn said of the logits behind its answer. */
  prints: PrintLog
  /** The right to write it, where others share the store. */
  fence: Fence | undefined
  readonly #sessions: SessionStore
  readonly #clock: Clock
  #persistedTo: number
  #written: Promise<unknown> = Promise.resolve()
  #timer = false

  constructor(
    sessions: SessionStore,
    clock: Clock,
    record: SessionRecord,
    ids: number[],
    persistedTo: number,
    prints = new PrintLog(record.turn.promptTo)
  ) {
    this.#sessions = sessions
    this.#clock = clock
    this.record = record
    this.root = hexToBytes(record.root, 32)
    this.#logKey = logKeyOf(this.root)
    this.ids = ids
    this.prints = prints
    this.#persistedTo = persistedTo
    // The log is written more often than the record: what it holds past the prompt was accepted.
    if (ids.length > record.turn.promptTo) record.accepted = ids.length
  }

  static async load(sessions: SessionStore, clock: Clock, handle: string, fence?: Fence): Promise<Session | undefined> {
    const record = await sessions.read(handle)
    if (record === undefined) return undefined
    const prints = new PrintLog(record.turn.promptTo)
    const ids = await sessions.readLog(handle, logKeyOf(hexToBytes(record.root, 32)), prints)
    const session = new Session(sessions, clock, record, ids, ids.length, prints)
    session.fence = fence
    return session
  }

  /** What another gateway has accepted since. Of a session that is only read here. */
  async readOn(): Promise<void> {
    const { ids, record } = this
    for (;;) {
      const more = await this.#sessions.readSegment(record.handle, this.#logKey, ids.length, this.prints)
      if (more.length === 0) break
      for (const id of more) ids.push(id)
    }
    this.#persistedTo = ids.length
    if (ids.length > record.turn.promptTo) record.accepted = ids.length
  }

  /** The leg whose tokens count now, or counted last. */
  get leg(): LegRecord | undefined {
    return this.record.legs.at(-1)
  }

  salt(leg: number): Uint8Array {
    return auditSalt(this.root, leg)
  }

  /** Blocks may now be sealed under this key. Older ones than a chain could still hold are forgotten. */
  sealedUnder(epoch: Epoch): void {
    this.record.epochs.push(epoch)
    if (this.record.epochs.length > EPOCHS_MAX) this.record.epochs.shift()
  }

  /** The prompt of a new turn goes behind what was accepted; one that was never answered goes away. */
  extend(accepted: number, promptIds: number[]): void {
    this.ids.length = accepted
    for (const id of promptIds) this.ids.push(id)
    this.prints = new PrintLog(this.ids.length)
    this.#persistedTo = Math.min(this.#persistedTo, accepted)
  }

  /** Names a message without revealing it: salted with the session's own key. */
  messageHash(message: ChatMessage): string {
    const calls = message.tool_calls === undefined ? '' : `\n${JSON.stringify(message.tool_calls)}`
    const body = new TextEncoder().encode(`${message.role}\n${message.content}${calls}`)
    const salted = new Uint8Array(32 + body.length)
    salted.set(this.#logKey)
    salted.set(body, 32)
    return bytesToHex(keccak256(salted).subarray(0, 16))
  }

  /** Writes the record as it is now, the new ids and `extra` in one batch. */
  persist(extra: SharedWrite[] = []): Promise<void> {
    return this.#write(async (ids) => this.#sessions.write(this.record, this.#logKey, ids, this.fence?.guard(), extra))
  }

  /** The last write of a turn: a session that rests belongs to nobody. */
  async rest(): Promise<void> {
    await this.#write(async (ids) => this.#sessions.write(this.record, this.#logKey, ids, this.fence?.guard(true)))
    this.fence?.end()
  }

  /** Gives the session up as it is stored. */
  async leave(): Promise<void> {
    await this.fence?.leave((guard) => this.#sessions.rest(guard))
  }

  /** Tokens were accepted: they reach the disk within 20 ms. */
  persistSoon(): void {
    if (this.#timer) return
    this.#timer = true
    void this.#clock.sleep(PERSIST_MS).then(() => {
      this.#timer = false
      if (this.#persistedTo >= this.ids.length) return
      const append = async (ids: NewIds) => this.#sessions.append(this.record.handle, this.#logKey, ids, this.fence?.guard())
      this.#write(append).catch(() => undefined) // the next write tries again
    })
  }

  /** Settles when everything written so far is on disk. */
  get settled(): Promise<unknown> {
    return this.#written
  }

  #write(write: (news: NewIds) => Promise<void>): Promise<void> {
    const from = this.#persistedTo
    this.#persistedTo = this.ids.length
    const written = write({ from, ids: this.ids.slice(from), prints: this.prints }).catch((error: unknown) => {
      this.#persistedTo = Math.min(this.#persistedTo, from)
      this.fence?.fail(error)
      throw error
    })
    this.#written = written.catch(() => undefined)
    return written
  }
}

/**
 * Is a serving peer still there? One beat stream a peer, shared by all who watch it; evidence other than beats counts as well.
 */
import { type Clock, type PeerKey, systemClock } from '../components.ts'
import { BEAT_MS } from '../protocol/limits.ts'
import type { Beat } from '../protocol/pb/messages.js'
import type { Host } from './host.ts'
import { beatProtocol } from './protocols.ts'
import { SilenceDetector, type SilenceOptions } from './silence.ts'

const REOPEN_MS = [20, 100, 250, 500, 1_000]
const BEAT_MS_MIN = 50
const BEAT_MS_MAX = 10_000
const STALL_MS = 50 // our timer came later than this: our process stood still, not the peer

/** closed: the connection is gone; silent: nothing was heard for the commit time. */
export type DeathReason = 'closed' | 'silent'

export interface WatchListener {
  /** Silence beyond what this peer showed before: prepare, nothing is lost yet. */
  onSuspect?(): void
  onDead?(reason: DeathReason): void
  onBeat?(beat: Beat): void
}

export interface WatchOptions extends SilenceOptions {
  clock?: Clock
  multiaddrs?: string[]
}

export interface Watch {
  /** Tells of another sign of life, such as a token. */
  alive(): void
  /** Milliseconds of silence after which the peer counts as suspect now. */
  suspectMs(): number
  stop(): void
}

const watches = new WeakMap<Host, Map<PeerKey, PeerWatch>>()

/** Watches until stopped or dead; onDead comes at most once. The options of the first watcher of a peer count. */
export const watchPeer = (host: Host, peer: PeerKey, listener: WatchListener, options: WatchOptions = {}): Watch => {
  let ofHost = watches.get(host)
  if (ofHost === undefined) watches.set(host, (ofHost = new Map()))
  let shared = ofHost.get(peer)
  if (shared === undefined) {
    const forget = (): boolean | undefined => ofHost.get(peer) === shared && ofHost.delete(peer)
    ofHost.set(peer, (shared = new PeerWatch(host, peer, options, forget)))
  }
  return shared.add(listener)
}

class PeerWatch {
  readonly #host: Host
  readonly #peer: PeerKey
  readonly #clock: Clock
  readonly #options: WatchOptions
  readonly #forget: () => void
  readonly #detector: SilenceDetector
  readonly #listeners = new Set<WatchListener>()
  readonly #stopping = new AbortController()
  readonly #unsubscribe: () => void

  constructor(host: Host, peer: PeerKey, options: WatchOptions, forget: () => void) {
    this.#host = host
    this.#peer = peer
    this.#clock = options.clock ?? systemClock
    this.#options = options
    this.#forget = forget
    this.#detector = new SilenceDetector(this.#clock.tickMs(), options)
    this.#unsubscribe = host.onPeer((event) => {
      if (event.peer === peer && !event.connected) this.#die('closed')
    })
    void this.#listen().catch(() => {}) // both end when stopped
    void this.#judge().catch(() => {})
  }

  add(listener: WatchListener): Watch {
    this.#listeners.add(listener)
    return {
      alive: () => this.#detector.alive(this.#clock.tickMs()),
      suspectMs: () => this.#detector.suspectMs,
      stop: () => {
        this.#listeners.delete(listener)
        if (this.#listeners.size === 0) this.#stop()
      }
    }
  }

  // A stream that cannot be opened, or that ends, is no death by itself: the peer may be at its stream limit. Silence goes on
  // counting.
  async #listen(): Promise<void> {
    const { signal } = this.#stopping
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const channel = await this.#host.open(this.#peer, beatProtocol, { signal, multiaddrs: this.#options.multiaddrs })
        signal.addEventListener('abort', () => channel.abort(new Error('no longer watched')), { once: true })
        await channel.send({ everyMs: BEAT_MS })
        for await (const beat of channel.receive()) {
          attempt = 0
          this.#detector.beat(this.#clock.tickMs())
          for (const listener of this.#listeners) listener.onBeat?.(beat)
        }
      } catch {
        // judged below
      }
      await this.#clock.sleep(REOPEN_MS[Math.min(attempt, REOPEN_MS.length - 1)] ?? 0, signal)
      if (!this.#host.connected(this.#peer)) this.#die('closed')
    }
  }

  async #judge(): Promise<void> {
    for (let suspected = false; ; ) {
      const dueMs = this.#detector.waitMs(this.#clock.tickMs())
      const startMs = this.#clock.tickMs()
      await this.#clock.sleep(dueMs, this.#stopping.signal)
      const lateMs = this.#clock.tickMs() - startMs - dueMs
      if (lateMs > STALL_MS) this.#detector.forgive(lateMs)
      const verdict = this.#detector.verdict(this.#clock.tickMs())
      if (verdict === 'dead') return this.#die('silent')
      if (verdict === 'suspect' && !suspected) for (const listener of this.#listeners) listener.onSuspect?.()
      suspected = verdict === 'suspect'
    }
  }

  #die(reason: DeathReason): void {
    if (this.#stopping.signal.aborted) return
    this.#stop()
    for (const listener of this.#listeners) listener.onDead?.(reason)
  }

  #stop(): void {
    this.#stopping.abort()
    this.#unsubscribe()
    this.#forget()
  }
}

export interface BeatState {
  sessions: number
  draining: boolean
}

/** Provider: beats to whoever asks, as often as asked within bounds. A peer that does not read gets none. */
export const serveBeats = (host: Host, state: () => BeatState, clock: Clock = systemClock): void => {
  host.handle(beatProtocol, async (channel) => {
    const requests = channel.receive()[Symbol.asyncIterator]()
    const first = await requests.next()
    if (first.done === true) return
    const ended = new AbortController()
    void channel.closed.then(() => ended.abort())
    requests.next().then(
      () => ended.abort(), // the peer closed its side, or asks twice, which ends the stream as well
      () => ended.abort()
    )
    const everyMs = Math.min(Math.max(first.value.everyMs, BEAT_MS_MIN), BEAT_MS_MAX)
    for (let seq = 0; !ended.signal.aborted; seq++) {
      await channel.send({ seq, ...state() })
      await clock.sleep(everyMs, ended.signal).catch(() => {})
    }
  })
}

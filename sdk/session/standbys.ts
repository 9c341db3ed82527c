/** The client's side of standby grants: who holds sealed blocks of a session now, and how many they have acknowledged to us. */
import type { Channel, Clock, Log, PeerKey } from '../components.ts'
import { codeOf, refusalError, SeamError } from '../protocol/errors.ts'
import { type Bytes32, bytesToHex, hexToBytes } from '../protocol/eth.ts'
import { openGrant } from '../protocol/grant.ts'
import { STANDBY_KEEP_MS } from '../protocol/limits.ts'
import type * as wire from '../protocol/pb/messages.js'

const GRANT_MS = 1_000

export type GrantChannel = Channel<wire.GrantClientFrame, wire.GrantServerFrame>

export interface StandbyPeer {
  peer: PeerKey
  peerId: string
  multiaddrs: string[]
}

export interface Standby extends StandbyPeer {
  grant: wire.Grant
  /** Contiguous blocks it acknowledged to us, and the chain head after them. */
  blocks: number
  head: Bytes32 | null
  /** The serving peer its grant names: another one needs another grant. */
  servingPeer: PeerKey
}

export interface StandbyComponents {
  open(peer: PeerKey, multiaddrs: string[]): Promise<GrantChannel>
  clock: Clock
  log: Log
}

export interface GrantTerms {
  replica: Uint8Array<ArrayBuffer>
  servingPeer: PeerKey
  modelId: Bytes32
  client: Bytes32
  bytesMax: number
}

export class Standbys {
  readonly #c: StandbyComponents
  readonly #held = new Map<PeerKey, { standby: Standby; channel: GrantChannel }>()
  #onLost: (peer: PeerKey) => void = () => undefined

  constructor(components: StandbyComponents) {
    this.#c = components
  }

  list(): Standby[] {
    return [...this.#held.values()].map((held) => held.standby)
  }

  get(peer: PeerKey): Standby | undefined {
    return this.#held.get(peer)?.standby
  }

  /** `listener` hears of every successor whose stream ends without our doing. */
  onLost(listener: (peer: PeerKey) => void): void {
    this.#onLost = listener
  }

  /** Asks one peer for a grant and keeps the stream open for its acknowledgements. Throws a SeamError with the peer's reason. */
  async request(to: StandbyPeer, terms: GrantTerms): Promise<Standby> {
    const channel = await this.#c.open(to.peer, to.multiaddrs)
    const timer = new AbortController()
    void this.#c.clock.sleep(GRANT_MS, timer.signal).then(
      () => channel.abort(new SeamError('NET_TIMEOUT', 'no answer to a grant request')),
      () => undefined
    )
    try {
      const request = {
        replica: terms.replica,
        servingPeer: hexToBytes(terms.servingPeer, 32),
        modelId: hexToBytes(terms.modelId, 32),
        client: hexToBytes(terms.client, 20),
        bytesMax: terms.bytesMax,
        keepMs: STANDBY_KEEP_MS
      }
      await channel.send({ request })
      const frames = channel.receive()[Symbol.asyncIterator]()
      const { value: first, done } = await frames.next()
      if (done === true) throw new SeamError('NET_CLOSED', 'the peer closed the grant stream')
      if (first.refused !== undefined) throw refusalError(first.refused)
      if (first.grant === undefined) throw new SeamError('WIRE_ORDER', 'expected a grant')
      const grant = openGrant(first.grant, hexToBytes(to.peer, 32), request)
      const standby: Standby = { ...to, grant, blocks: 0, head: null, servingPeer: terms.servingPeer }
      this.#held
        .get(to.peer)
        ?.channel.close()
        .catch(() => undefined)
      this.#held.set(to.peer, { standby, channel })
      void this.#follow(standby, channel, frames)
      return standby
    } catch (error) {
      channel.abort(error as Error)
      throw error
    } finally {
      timer.abort()
    }
  }

  /** Tells the others that blocks of older legs must be refused from now on. */
  fence(leg: number): void {
    for (const { channel } of this.#held.values()) channel.send({ fence: { leg } }).catch(() => undefined)
  }

  async release(peer: PeerKey): Promise<void> {
    const held = this.#held.get(peer)
    if (held === undefined) return
    this.#held.delete(peer)
    await held.channel.send({ release: {} }).catch(() => undefined)
    await held.channel.close().catch(() => undefined)
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((peer) => this.release(peer)))
  }

  async #follow(standby: Standby, channel: GrantChannel, frames: AsyncIterator<wire.GrantServerFrame>): Promise<void> {
    try {
      for (;;) {
        const { value: frame, done } = await frames.next()
        if (done === true) break
        if (frame.ack === undefined) continue
        standby.blocks = frame.ack.blocks
        standby.head = frame.ack.head.length === 32 ? bytesToHex(frame.ack.head) : null
      }
    } catch (error) {
      this.#c.log.debug({ peer: standby.peerId, code: codeOf(error) }, 'grant stream failed')
    }
    if (this.#held.get(standby.peer)?.channel === channel) {
      this.#held.delete(standby.peer)
      this.#onLost(standby.peer)
    }
  }
}

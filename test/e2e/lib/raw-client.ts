/** A client that does as it likes: opens one leg by hand, reads what comes, and acknowledges only when told to. */
import { domainOf } from 'openseam/chain/index'
import { memoryStore, type PeerKey, systemClock, systemRng } from 'openseam/components'
import type { Connection } from 'openseam/connect'
import { sessionProtocol, voucherProtocol } from 'openseam/net/protocols'
import { type Bytes32, bytesToHex, ZERO_BYTES32 } from 'openseam/protocol/eth'
import type * as wire from 'openseam/protocol/pb'
import { EndReason, type LegOpen } from 'openseam/protocol/typed-data'
import { draftReceipt } from 'openseam/protocol/work'
import { ChannelBook } from 'openseam/session/channel-book'
import { newRoot } from 'openseam/session/keys'
import { buildOpen } from 'openseam/session/leg-open'
import { samplingOf } from 'openseam/session/request'
import type { SessionSigner } from 'openseam/session/wallet'
import { WriteQueue } from 'openseam/session/write-queue'
import type { LocalMarket } from './local-market.ts'

const PROMPT = Array.from({ length: 20 }, (_, i) => 97 + i)
const MAX_TO = 600

export interface RawLeg {
  open: LegOpen
  salt: Uint8Array
  ids: number[]
  /** What the provider said last: `opened`, `end`, or why it refused. */
  refused: string | undefined
  end: number | undefined
}

export class RawClient {
  readonly #market: LocalMarket
  readonly #connection: Connection
  readonly #signer: SessionSigner

  constructor(market: LocalMarket, connection: Connection, signer: SessionSigner) {
    this.#market = market
    this.#connection = connection
    this.#signer = signer
  }

  /** Reads to the end of the leg and never acknowledges. `price` in wei per position, in place of the offer's; `at` picks who serves what. */
  async leg(price?: bigint, at: { sessionId?: Bytes32; peer?: PeerKey } = {}): Promise<RawLeg> {
    const { host, directory } = this.#connection
    const offer = directory.offers().find(({ peer }) => at.peer === undefined || peer === at.peer)
    const [model] = offer?.models ?? []
    if (offer === undefined || model === undefined) throw new Error('nothing is on offer')
    const { peer, peerId, account, x25519, multiaddrs } = offer
    const { numerics, promptWei, completionWei, modelId } = model
    const built = await buildOpen(
      domainOf(this.#market.accounts.deployment),
      this.#signer,
      {
        peer,
        peerId,
        account,
        x25519,
        multiaddrs,
        numerics,
        promptWei: price ?? promptWei,
        completionWei: price ?? completionWei
      },
      {
        root: newRoot(systemRng),
        sessionId: at.sessionId ?? bytesToHex(systemRng.bytes(32)),
        leg: 0,
        replicaLeg: 0,
        modelId,
        clientPeer: host.peer,
        from: 0,
        promptTo: PROMPT.length,
        maxTo: MAX_TO,
        ids: PROMPT,
        sampling: samplingOf({}, [], PROMPT.length, systemRng),
        prevEnd: EndReason.finished,
        prevHead: ZERO_BYTES32,
        readable: [],
        successors: [],
        exactTail: false,
        park: false
      },
      systemClock.nowMs()
    )
    const leg: RawLeg = { open: built.leg, salt: built.salt, ids: [...PROMPT], refused: undefined, end: undefined }
    const channel = await host.open(peer, sessionProtocol, { multiaddrs })
    await channel.send({ open: built.open })
    for await (const frame of channel.receive()) {
      for (const id of frame.tokens?.ids ?? []) leg.ids.push(id)
      leg.refused = frame.refused?.code
      leg.end = frame.end?.reason
      if (leg.refused !== undefined || leg.end !== undefined) break
    }
    await channel.close()
    return leg
  }

  /** The closing voucher over everything that came, as `signer` signs it. Returns what the provider says to it. */
  async pay(leg: RawLeg, signer: SessionSigner = this.#signer): Promise<wire.AckReply> {
    const { provider, modelId, providerPeer } = leg.open
    const queue = new WriteQueue(memoryStore())
    const book = await ChannelBook.load({
      domain: domainOf(this.#market.accounts.deployment),
      signer,
      queue,
      provider,
      modelId,
      peer: providerPeer
    })
    const terms = { open: leg.open, salt: leg.salt, completionFrom: PROMPT.length }
    const stretch = { seq: 0, from: 0, to: leg.ids.length, ids: leg.ids, kvHead: ZERO_BYTES32, end: EndReason.unpaid }
    book.append([draftReceipt(terms, stretch)]).stored()
    const channel = await this.#connection.host.open(providerPeer, voucherProtocol)
    const frames = channel.receive()[Symbol.asyncIterator]()
    await channel.send({ hello: { client: hexBytes(this.#signer.account), modelIds: [] } })
    await frames.next()
    await channel.send({ ack: book.ack(0) ?? undefined })
    const { value } = await frames.next()
    await channel.close()
    return (value as wire.VoucherServerFrame).reply as wire.AckReply
  }
}

const hexBytes = (hex: `0x${string}`): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))

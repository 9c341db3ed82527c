/**
 * The serving side of /openseam/session/1: opens legs, or refuses them with a reason, and sees each to its end. Slot, KV memory and
 * credit are reserved before the first token; nothing of a leg is kept in clear after it.
 */
import type { Channel, Clock, Log, PeerKey, Rng } from 'openseam/components'
import { RateLimit } from 'openseam/net/rate-limit'
import { codeOf, type ErrorCode, isErrorCode, SeamError } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { KvDtype } from 'openseam/protocol/kv-header'
import { BLOCK_TOKENS, CREDIT_MS, CREDIT_POSITIONS, REQUEST_MS, SIGNER_MARGIN_MS, UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type * as wire from 'openseam/protocol/pb'
import { EndReason, type LegOpen, recoverTyped, type TypedDomain } from 'openseam/protocol/typed-data'
import { amountOf, promptUnitsOf, requestHash } from 'openseam/protocol/work'
import { openLegSecret } from 'openseam/session/keys'
import { EngineError } from '../engine/errors.ts'
import type { OpenGrammar } from '../engine/grammar/grammars.ts'
import { samplingOf } from '../engine/sampling.ts'
import type { Engine } from '../engine/types.ts'
import type { OpenKv } from '../kv/feed.ts'
import { createReplicator } from '../kv/replicator.ts'
import type { Standby } from '../kv/standby.ts'
import { type LegBook, legKey, unpaidOf } from '../settle/legs.ts'
import type { Accounts } from './accounts.ts'
import { admit } from './admission.ts'
import type { Identity } from './identity.ts'
import { type CheckedOpen, checkOpen, checkSuccessors } from './open-check.ts'
import { followClient, ServingLeg } from './serving-leg.ts'

/** Successors and keys that a client may send in one leg: each is a dial or a secret to open, and an honest one sends a few an hour. */
export const LEG_FRAMES = { count: 60, windowMs: 60_000 }

export interface ServedModel {
  modelId: `0x${string}`
  promptWei: bigint
  completionWei: bigint
}

export interface SessionServerComponents {
  domain: TypedDomain
  identity: Identity
  peer: PeerKey
  engine: Engine
  legs: LegBook
  accounts: Accounts
  standby: Standby
  openKv: OpenKv
  signBlock: (data: Uint8Array) => Uint8Array<ArrayBuffer>
  clock: Clock
  rng: Rng
  log: Log
  /** The table of codes decides what it costs the peer. */
  fault(peer: PeerKey, code: ErrorCode): void
}

interface Newest {
  leg: number
  /** Undefined while it is being admitted. */
  serving: ServingLeg | undefined
}

type SessionChannel = Channel<wire.ProviderFrame, wire.ClientFrame>

export class SessionServer {
  readonly #c: SessionServerComponents
  readonly #model: ServedModel
  /** The newest leg of each session here: an older one is fenced by it. */
  readonly #newest = new Map<string, Newest>()
  readonly #admitting = new Set<Newest>()
  readonly #serving = new Set<ServingLeg>()
  readonly #frames: RateLimit
  #draining = false

  constructor(components: SessionServerComponents, model: ServedModel) {
    this.#c = components
    this.#frames = new RateLimit(components.clock, LEG_FRAMES)
    this.#model = model
  }

  get active(): number {
    return this.#serving.size
  }

  get draining(): boolean {
    return this.#draining
  }

  async serve(channel: SessionChannel): Promise<void> {
    const frames = channel.receive()[Symbol.asyncIterator]()
    let leg: ServingLeg
    try {
      const first = await this.#within(frames.next())
      if (first.done === true) return
      if (first.value.open === undefined) throw new SeamError('WIRE_ORDER', 'the first frame opens a leg')
      leg = await this.#admit(first.value.open, channel)
    } catch (error) {
      const { code, message, amount } = refusalOf(error)
      this.#c.log.info({ code }, 'leg refused')
      if (isErrorCode(code)) this.#c.fault(channel.peer, code)
      await channel.send({ refused: { code, message, amount } })
      return
    }
    const done = this.#see(leg)
    await followClient(leg, frames, {
      successors: (refs) => {
        this.#countFrame(leg, channel.peer)
        checkSuccessors(refs)
        leg.setSuccessors(refs)
      },
      epochKey: (sealed) => {
        this.#countFrame(leg, channel.peer)
        return this.#rotate(leg, sealed)
      }
    }).catch((error: unknown) => {
      leg.stop(EndReason.cancelled)
      this.#c.log.debug({ code: codeOf(error) }, 'leg stream failed')
    })
    await done
  }

  /** Hands every open leg over: blocks first, so that the gap is one round trip and one step. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true
    await Promise.all(
      [...this.#serving].map(async (leg) => {
        leg.pause()
        await leg.replicator.flushed(Math.min(2_000, withinMs / 4))
        leg.drain(withinMs)
        await Promise.race([leg.acknowledgedAll, this.#c.clock.sleep(withinMs)])
      })
    )
  }

  async #admit(open: wire.Open, channel: SessionChannel): Promise<ServingLeg> {
    const { engine, identity, peer, clock } = this.#c
    if (this.#draining) throw new SeamError('DRAINING', 'this provider is shutting down: choose another')
    const grantId = open.grantId.length === 0 ? undefined : open.grantId
    const grant = grantId && this.#c.standby.find(grantId)
    const checked = checkOpen(open, {
      ...this.#model,
      account: identity.account,
      peer,
      clientPeer: channel.peer,
      contextMax: engine.info.contextMax,
      vocabSize: engine.info.vocabSize,
      grant: grant as { client: Uint8Array; promptWei: Uint8Array; completionWei: Uint8Array } | undefined,
      nowMs: clock.nowMs()
    })
    const { leg } = checked
    const held = this.#newest.get(leg.sessionId)
    if (held !== undefined && leg.leg <= held.leg)
      throw new SeamError('LEG_STALE', `leg ${held.leg} of this session is already open here`)
    const mine = { leg: leg.leg, serving: undefined }
    this.#newest.set(leg.sessionId, mine) // before anything is awaited: the same leg is never opened twice
    this.#admitting.add(mine)
    try {
      return await this.#lend(open, checked, channel, held?.serving)
    } catch (error) {
      if (this.#newest.get(leg.sessionId) === mine) {
        if (held !== undefined && this.#isOpen(held)) this.#newest.set(leg.sessionId, held)
        else this.#newest.delete(leg.sessionId)
      }
      throw error
    } finally {
      this.#admitting.delete(mine)
    }
  }

  #isOpen(held: Newest): boolean {
    return held.serving === undefined ? this.#admitting.has(held) : this.#serving.has(held.serving)
  }

  async #lend(
    open: wire.Open,
    checked: CheckedOpen,
    channel: SessionChannel,
    previous: ServingLeg | undefined
  ): Promise<ServingLeg> {
    const { domain, accounts, legs } = this.#c
    const { leg, sampling } = checked
    const signer = recoverTyped(domain, 'LegOpen', leg, open.signature)
    if ((await legs.row(leg.sessionId, leg.leg)) !== undefined)
      throw new SeamError('LEG_STALE', 'this leg was opened here before')
    const pricing = { open: leg, completionFrom: sampling.completionFrom }
    const promptPositions = promptUnitsOf(pricing, leg.from, checked.ids.length)
    const exposure = amountOf(pricing, leg.from, checked.ids.length + this.#credit())
    const key = legKey(leg.sessionId, leg.leg)
    const lend = async (fresh: boolean): Promise<void> => {
      if (signer === null || !(await accounts.signersOf(leg.client, leg.modelId, fresh, SIGNER_MARGIN_MS)).includes(signer)) {
        throw new SeamError('LEG_SIGNATURE', 'the leg is not signed by a key of its account: deposit first, or authorise the key')
      }
      admit(await accounts.view(leg.client, leg.modelId, fresh), { promptPositions, exposure, completionWei: leg.completionWei })
      accounts.lend(leg.client, key, exposure) // in the same breath: two openings never count on the same credit
    }
    await lend(false).catch(() => lend(true)) // nobody is refused for what the chain said a while ago
    previous?.stop(EndReason.moved)
    try {
      return await this.#open(open, checked, channel)
    } catch (error) {
      accounts.repaid(leg.client, key)
      throw error
    }
  }

  async #open(
    open: wire.Open,
    { leg, ids, sampling, secret: sealed }: CheckedOpen,
    channel: SessionChannel
  ): Promise<ServingLeg> {
    const { engine, identity, peer } = this.#c
    const secret = await openLegSecret({ ...identity.x25519, sessionId: leg.sessionId, leg: leg.leg, providerPeer: peer, sealed })
    if (secret.write === undefined) throw new SeamError('SECRET_UNREADABLE', 'the secret of a leg holds its epoch key')
    if (requestHash(secret.auditSalt, ids.slice(0, sampling.completionFrom), sampling) !== leg.requestHash) {
      throw new SeamError('LEG_MISMATCH', 'the request is not the one that was signed')
    }
    const { write } = secret
    let grammar: OpenGrammar | undefined
    try {
      if (sampling.grammar !== undefined) {
        const request = { grammar: sampling.grammar, stopIds: sampling.stopIds, log: ids.slice(sampling.completionFrom) }
        grammar = await engine.openGrammar(request)
      }
      return await this.#serve(open, { leg, ids, sampling, secret: sealed }, channel, { ...secret, write }, grammar)
    } catch (error) {
      grammar?.close()
      throw error
    } finally {
      write.key.fill(0)
    }
  }

  async #serve(
    open: wire.Open,
    { leg, ids, sampling }: CheckedOpen,
    channel: SessionChannel,
    secret: wire.LegSecret & { write: wire.EpochKeyEntry },
    grammar: OpenGrammar | undefined
  ): Promise<ServingLeg> {
    const { engine, legs, rng } = this.#c
    const grantId = open.grantId.length === 0 ? undefined : open.grantId.slice()
    const blocks = grantId && (await this.#take(grantId, open.kvHead, leg, ids.length, secret.read))
    const replicator = createReplicator(
      { openKv: this.#c.openKv, sign: this.#c.signBlock, clock: this.#c.clock, log: this.#c.log, rng },
      {
        replica: open.replica.slice(),
        leg: leg.leg,
        modelId: hexToBytes(leg.modelId, 32),
        numerics: hexToBytes(engine.info.numerics, 32),
        dtype: engine.info.dtype === 'float32' ? KvDtype.f32 : KvDtype.f16,
        epochKey: secret.write.key,
        generation: secret.write.generation,
        auditSalt: secret.auditSalt.slice(),
        blockBytes: engine.info.blockBytes
      }
    )
    const parkKey = open.parkKey.length === 16 ? open.parkKey : rng.bytes(16)
    const serving = new ServingLeg(
      { channel, engine, clock: this.#c.clock, log: this.#c.log },
      {
        open: leg,
        ids,
        salt: secret.auditSalt,
        credit: () => this.#credit(),
        replicator,
        job: {
          key: `${leg.client}:${bytesToHex(parkKey)}`,
          ids: ids.slice(),
          from: leg.from,
          completionFrom: sampling.completionFrom,
          maxTo: leg.maxTo,
          sampling: samplingOf(sampling),
          stopIds: sampling.stopIds,
          ...(grammar && { grammar }),
          blocks,
          exactTail: open.exactTail && this.#exactTail(ids.length - (blocks?.length ?? 0) * BLOCK_TOKENS),
          promptTo: sampling.completionFrom,
          fingerprint: true,
          ...(open.successors.length > 0 && { emitBlocksFrom: 0 })
        }
      }
    )
    await legs.open(
      { open: leg, completionFrom: sampling.completionFrom, ackedTo: leg.from, nextSeq: 0, end: EndReason.running },
      serving
    )
    if (open.successors.length > 0) serving.setSuccessors(open.successors)
    try {
      serving.start(() => bytesToHex(rng.bytes(16)))
    } catch (error) {
      await replicator.close()
      await legs.drop(leg.sessionId, leg.leg)
      throw error
    }
    this.#newest.set(leg.sessionId, { leg: leg.leg, serving })
    this.#serving.add(serving)
    // From here on the leg is seen to its end, also when the client left meanwhile: what it took is given back there.
    await channel.send({ opened: { credit: this.#credit() } }).catch(() => serving.stop(EndReason.cancelled))
    if (grantId !== undefined) await this.#c.standby.release(grantId).catch((error: unknown) => this.#unreleased(error))
    return serving
  }

  /** The sealed blocks of the leg before, opened with the keys the client just gave. Whatever does not open is computed again. */
  async #take(
    grantId: Uint8Array,
    kvHead: Uint8Array,
    leg: LegOpen,
    positionsMax: number,
    keys: wire.EpochKeyEntry[]
  ): Promise<Uint8Array[] | undefined> {
    const started = this.#c.clock.tickMs()
    try {
      const knownHead = kvHead.length === 32 ? kvHead : undefined
      const request = {
        client: hexToBytes(leg.client, 20),
        keys,
        positionsMax: positionsMax - 1,
        ...(knownHead && { knownHead })
      }
      const taken = await this.#c.standby.take(grantId, request)
      const ms = Math.round(this.#c.clock.tickMs() - started)
      this.#c.log.info({ stored: taken.stored, opened: taken.blocks.length, failed: taken.code, ms }, 'standby blocks opened')
      // A store that gave back one wrong block is not believed about the others: the token log always can be.
      return taken.blocks.length === 0 || taken.failedAt !== undefined ? undefined : taken.blocks
    } catch (error) {
      this.#c.log.info({ code: codeOf(error) }, 'no standby blocks: the token log is computed again')
      return undefined
    }
  }

  /** Throws RATE_LIMITED. */
  #countFrame({ open: { sessionId, leg } }: ServingLeg, peer: PeerKey): void {
    if (this.#frames.take(legKey(sessionId, leg))) return
    this.#c.fault(peer, 'RATE_LIMITED')
    throw new SeamError('RATE_LIMITED', 'too many successors and keys in one leg')
  }

  #unreleased(error: unknown): void {
    this.#c.log.warn({ error: String(error) }, 'sealed blocks that were taken over could not be deleted')
  }

  async #rotate(leg: ServingLeg, sealed: wire.Sealed): Promise<void> {
    const { identity, peer } = this.#c
    const { write } = await openLegSecret({
      ...identity.x25519,
      sessionId: leg.open.sessionId,
      leg: leg.open.leg,
      providerPeer: peer,
      sealed
    })
    if (write !== undefined) leg.replicator.rotate(write.generation, write.key)
  }

  /** From the last token to the closing receipt, or to the note that it never came. */
  async #see(leg: ServingLeg): Promise<void> {
    const { legs, accounts, clock } = this.#c
    const { sessionId, leg: number, client } = leg.open
    const key = legKey(sessionId, number)
    await leg.ended
    await leg.replicator.flushed(REQUEST_MS)
    await leg.replicator.close()
    const timer = new AbortController()
    await Promise.race([leg.acknowledgedAll, clock.sleep(UNPAID_WAIT_MS, timer.signal).catch(() => undefined)])
    timer.abort()
    this.#serving.delete(leg)
    accounts.repaid(client, key)
    const row = await legs.row(sessionId, number)
    const owed = row === undefined ? 0n : unpaidOf(row, leg.sentTo())
    if (owed > 0n) {
      this.#c.log.warn({ leg: number, owed: owed.toString() }, 'a leg ended without its closing voucher')
      await accounts.unpaid(client, key, owed)
    }
    legs.retire(sessionId, number)
    const newest = this.#newest.get(sessionId)
    if (newest?.serving === leg) this.#newest.delete(sessionId)
  }

  /** W: the larger of 64 positions and 250 ms of a leg's share of the output. */
  #credit(): number {
    const share = this.#c.engine.stats().tokensPerSecond / Math.max(1, this.#serving.size)
    return Math.max(CREDIT_POSITIONS, Math.ceil((share * CREDIT_MS) / 1000))
  }

  /** Original run boundaries cost a step a position: only while that is a moment (session.md, "Equality"). */
  #exactTail(tail: number): boolean {
    return tail <= 2 * BLOCK_TOKENS && this.#c.engine.stats().tokensPerSecond >= 200
  }

  async #within<T>(step: Promise<T>): Promise<T> {
    const timer = new AbortController()
    const late = this.#c.clock.sleep(REQUEST_MS, timer.signal).then(() => {
      throw new SeamError('NET_TIMEOUT', 'no opening frame came')
    })
    late.catch(() => undefined)
    return Promise.race([step, late]).finally(() => timer.abort())
  }
}

/** Engine errors keep their code where the protocol has it; the rest is ours to mend, not the client's to read. */
const refusalOf = (error: unknown): { code: string; message: string; amount: Uint8Array<ArrayBuffer> } => {
  const none = new Uint8Array(0)
  if (error instanceof SeamError) return { code: error.code, message: error.message, amount: none }
  if (error instanceof EngineError && ['NO_SLOT', 'CONTEXT_TOO_LONG', 'BAD_TOKEN_ID'].includes(error.code)) {
    return { code: error.code, message: error.message, amount: none }
  }
  return { code: 'ENGINE_FAILED', message: 'this provider could not start the leg', amount: none }
}

import { codeOf, SeamError } from '../protocol/errors.ts'
import { bytesToHex, hexToBytes, ZERO_BYTES32 } from '../protocol/eth.ts'
import { PRINT_BYTES, printsOf } from '../protocol/fingerprint.ts'
import { GENERATION_MS_MAX, OPEN_RACE_MS, REQUEST_MS, TAKEOVERS_MAX } from '../protocol/limits.ts'
import * as wire from '../protocol/pb/messages.js'
import { EndReason, endName } from '../protocol/typed-data.ts'
import { amountOf } from '../protocol/work.ts'
import { Acknowledger, type AckRoute } from './acknowledger.ts'
import { Allowance } from './allowance.ts'
import type { AnswerText } from './answer.ts'
import { Feed } from './feed.ts'
import { paramAtFault, plaintextWarning } from './leg-notes.ts'
import { buildOpen, buildRotation, type LegTarget } from './leg-open.ts'
import { LegStream, type SessionChannel } from './leg-stream.ts'
import { type LegRecord, newLegRecord } from './record.ts'
import { Refill } from './refill.ts'
import type { Session } from './session.ts'
import { type Lost, lossOf, type TurnComponents } from './turn-components.ts'
import { acceptTokens, type TurnState } from './turn-machine.ts'
import type { Resumed, TurnEvent } from './types.ts'

type Outcome = { kind: 'finished'; reason: 'stop' | 'length' | 'cancelled' } | { kind: 'lost'; lost: Lost }

export class TurnDriver {
  readonly feed: Feed
  readonly #c: TurnComponents
  readonly #session: Session
  readonly #answer: AnswerText
  readonly #state: TurnState
  readonly #acks: Acknowledger
  readonly #refill: Refill
  readonly #allowance: Allowance
  readonly #sampling: wire.Sampling
  readonly #opened = Promise.withResolvers<void>()
  #stream: LegStream | undefined
  #running: Promise<void> | undefined
  #cancelled = false
  /** Why nothing more of this turn may be stored here, so nothing more of it is done. */
  #moved: { error: unknown } | undefined
  #askedAgain = false
  /** A peer was passed over because it did not open a leg at once. */
  #raced = false
  /** Nobody is left but those that were: they get all the time that a first leg has. */
  #patient = false
  #lost: Lost | null = null
  #lastTokenMs: number | undefined

  constructor(components: TurnComponents, session: Session, answer: AnswerText) {
    this.#c = components
    this.#session = session
    this.#answer = answer
    this.feed = new Feed((events) => components.tap?.(events))
    const { turn } = session.record
    this.#sampling = wire.Sampling.decode(hexToBytes(turn.sampling))
    this.#state = {
      promptTo: turn.promptTo,
      maxTo: turn.maxTo,
      accepted: session.record.accepted,
      leg: -1,
      ackedTo: session.record.accepted,
      stopIds: new Set(this.#sampling.stopIds)
    }
    this.#acks = new Acknowledger(session, components.clock, components.log, {
      drafted: (receipt) => components.spending?.acknowledge(receipt.amount) ?? [],
      stored: (leg, { amount }, receipt) => {
        const { peerId: provider, open } = leg
        if (amount > 0n) this.feed.push([{ kind: 'payment', leg: open.leg, provider, account: open.provider, amount, receipt }])
      }
    })
    this.#refill = new Refill(components.clock)
    this.#allowance = new Allowance(session.record, components.spending)
    components.onSuccessorLost((peer) => {
      components.observe(peer, { failed: 'NET_CLOSED' })
      this.#refill.lost()
    })
    this.#opened.promise.catch(() => undefined)
    session.fence?.onLost((error) => {
      this.#moved = { error }
      this.feed.leave()
      this.#stream?.silence()
    })
  }

  /** Settles when the first leg is open; rejects when none could be opened. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  cancel(): void {
    this.#cancelled = true
    this.feed.leave() // a reader that is gone must not hold up the end
    this.#stream?.silence()
  }

  /** Runs the turn, once; settles when nothing of it is left to do, and never rejects: readers of the feed get the error. */
  run(): Promise<void> {
    this.#running ??= this.#run()
    return this.#running
  }

  /** Settles when a turn that was started is over. */
  get finished(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  async #run(): Promise<void> {
    try {
      const reason = await this.#legs()
      await this.#closeLast()
      if (reason === 'length' && this.#state.accepted < this.#session.record.turn.maxTo) this.#capped()
      const text = this.#answer.flush()
      this.#session.record.turn.finish = reason
      this.#session.record.turn.text += text
      this.#session.record.stopEnded =
        reason === 'stop' && this.#state.stopIds.has(this.#session.ids[this.#state.accepted - 1] ?? -1)
      await this.#session.rest()
      this.feed.push([{ kind: 'finish', reason, text }])
      this.feed.end()
      this.#opened.resolve() // a turn that was cancelled before its first leg
    } catch (error) {
      this.#session.record.turn.finish = 'failed'
      // Of a session that another has now, or whose last state is not stored, the leg is closed from what is.
      if (this.#moved === undefined) await this.#closeFailed()
      const reason = this.#moved === undefined ? error : this.#moved.error
      this.#opened.reject(reason)
      this.feed.end(reason)
    }
  }

  async #closeFailed(): Promise<void> {
    try {
      await this.#closeLast()
      await this.#session.rest()
    } catch (error) {
      this.#c.log.error({ code: codeOf(error) }, 'the end of a turn could not be stored')
    }
  }

  #checkOurs(): void {
    if (this.#moved !== undefined) throw this.#moved.error
  }

  /** A leg that was lost, and that no other followed, is paid for like any other. */
  async #closeLast(): Promise<void> {
    const leg = this.#session.leg
    if (leg !== undefined && !leg.closed) await this.#close(leg, this.#lost?.end ?? EndReason.cancelled)
  }

  async #legs(): Promise<'stop' | 'length' | 'cancelled'> {
    let lost: Lost | null = this.#closeInterrupted()
    let refused: SeamError | undefined
    for (let attempt = 0; attempt <= TAKEOVERS_MAX; attempt++) {
      this.#checkOurs()
      if (this.#cancelled) return 'cancelled'
      const target = await this.#choose(lost).catch((error: unknown) => {
        throw refused ?? error
      })
      if (!this.#allowance.affords(target, this.#state)) {
        if (lost === null) throw this.#allowance.refusal()
        return 'length' // what is there so far is the answer
      }
      const outcome = await this.#leg(target, lost)
      if (outcome.kind === 'finished') return outcome.reason
      lost = outcome.lost
      this.#lost = lost
      const param = paramAtFault(lost.refusal?.code)
      if (param === undefined || lost.refusal === undefined) continue
      // The request's own fault, if a second peer says so too, or nobody else is there to ask.
      const { code, detail } = lost.refusal
      if (refused !== undefined) throw refused
      refused = new SeamError(code, detail, { detail: { param } })
    }
    throw new SeamError('NO_PROVIDER', `this answer has moved ${TAKEOVERS_MAX} times: giving up`)
  }

  async #choose(lost: Lost | null): Promise<LegTarget> {
    try {
      return await this.#c.choose(this.#session, lost)
    } catch (error) {
      if (codeOf(error) !== 'NO_PROVIDER' || !this.#raced || this.#patient) throw error
      this.#patient = true
      this.#c.forgive('NET_TIMEOUT')
      return this.#c.choose(this.#session, lost && { ...lost, mayReturn: true })
    }
  }

  /** Pays for the leg that a crash of ours left open, when its turn is not going on. */
  async closeInterrupted(): Promise<void> {
    const lost = this.#closeInterrupted()
    if (lost !== null && this.#session.leg !== undefined) await this.#close(this.#session.leg, lost.end)
  }

  /** After a crash of ours, the leg that ran then is still open: it ends where the log ends. */
  #closeInterrupted(): Lost | null {
    const leg = this.#session.leg
    if (leg === undefined || leg.closed || leg.end === EndReason.refused) return null
    const to = Math.max(leg.to, this.#state.accepted)
    this.#c.spending?.accept(amountOf(leg, leg.ackedTo, to))
    leg.to = to
    return { peer: leg.open.providerPeer, end: EndReason.cancelled, mayReturn: true }
  }

  async #leg(target: LegTarget, lost: Lost | null): Promise<Outcome> {
    const { record } = this.#session
    const previous = this.#session.leg
    const opening = this.#c.openSession(target)
    opening.catch(() => undefined)
    const number = record.nextLeg
    record.nextLeg += 1
    const routing = this.#c.route(target.account, target.peer)
    routing.catch(() => undefined)
    if (record.servedBy !== target.peer) record.replicaLeg = number
    record.servedBy = target.peer
    const successors = lost === null ? await this.#c.successors(this.#session, target) : []
    // A takeover asks for its own successors after its first token: until then the machines have one thing to do.
    this.#refill.opens(successors, lost === null && successors.length < record.turn.successors)
    const known = Math.max(this.#state.accepted, this.#state.promptTo)
    const prevHead = previous?.kvHead ?? ZERO_BYTES32
    const { leg: open, open: frame } = await buildOpen(
      this.#c.domain,
      this.#c.signer,
      target,
      {
        root: this.#session.root,
        sessionId: record.sessionId,
        leg: number,
        replicaLeg: record.replicaLeg,
        modelId: record.modelId,
        clientPeer: this.#c.clientPeer,
        from: this.#state.accepted,
        promptTo: this.#state.promptTo,
        maxTo: this.#state.maxTo,
        ids: this.#session.ids.slice(0, known),
        sampling: this.#sampling,
        prevEnd: lost?.end ?? EndReason.finished,
        prevHead,
        readable: record.epochs,
        successors,
        exactTail: true,
        park: record.turn.cache
      },
      this.#c.clock.nowMs()
    )
    const leg = newLegRecord(open, target, this.#state.promptTo, previous)
    record.legs.push(leg)
    this.#state.leg = number
    this.#state.ackedTo = this.#state.accepted
    // One write: how the last leg ended and what it is owed, and that this one exists. Only then does the new peer hear of it.
    if (previous !== undefined && !previous.closed && previous.end !== EndReason.refused)
      await this.#close(previous, lost?.end ?? EndReason.moved)
    else await this.#session.persist()
    return this.#serve(target, leg, opening, routing, frame, lost)
  }

  async #serve(
    target: LegTarget,
    leg: LegRecord,
    opening: Promise<SessionChannel>,
    routing: Promise<AckRoute>,
    frame: wire.Open,
    lost: Lost | null
  ): Promise<Outcome> {
    const startedMs = this.#c.clock.tickMs()
    const racing = lost !== null && !this.#patient
    let stream: LegStream | undefined
    let route: AckRoute
    try {
      stream = new LegStream(await opening)
      this.feed.push([plaintextWarning(leg)])
      await stream.open(frame, this.#c.clock, racing ? OPEN_RACE_MS * 4 : REQUEST_MS)
      route = await routing
    } catch (error) {
      leg.end = EndReason.refused
      leg.closed = true
      if (paramAtFault(codeOf(error)) === undefined) this.#c.observe(target.peer, { failed: codeOf(error) })
      this.#c.log.info({ peer: target.peerId, leg: leg.open.leg, code: codeOf(error) }, 'leg refused')
      if (codeOf(error) === 'NET_TIMEOUT') {
        this.#raced ||= racing
        if (stream !== undefined) void this.#closeLate(leg, stream, routing)
      }
      const refusal = { code: codeOf(error), detail: (error as Error).message }
      return {
        kind: 'lost',
        lost: { peer: target.peer, end: EndReason.refused, mayReturn: await this.#paidUp(error, routing), refusal }
      }
    }
    this.#stream = stream
    this.#session.sealedUnder({ leg: leg.open.leg, generation: 0, peer: target.peer })
    this.#opened.resolve()
    this.#c.fence(leg.open.leg)
    const unwatch = this.#c.watch(target.peer, () => stream.silence())
    try {
      this.#checkOurs()
      return await this.#follow(target, leg, stream, route, lost, startedMs)
    } finally {
      if (this.#moved !== undefined) stream.abort(new SeamError('SESSION_MOVED', 'the session goes on elsewhere'))
      unwatch()
      this.#stream = undefined
    }
  }

  /** A peer that opens its leg when nobody waits for it any more may have shown words already: it is told that none were read, and owed nothing. */
  async #closeLate(leg: LegRecord, stream: LegStream, routing: Promise<AckRoute>): Promise<void> {
    try {
      await stream.opened(this.#c.clock, REQUEST_MS).catch((error: unknown) => {
        if (!['NET_TIMEOUT', 'NET_CLOSED'].includes(codeOf(error))) throw error // a refusal: there is no leg
      })
      stream.send({ cancel: { reason: EndReason.cancelled, to: leg.to } })
      await this.#acks.close(this.#state, leg, EndReason.cancelled, await routing, true)
      await stream.close()
    } catch (error) {
      this.#c.log.debug({ leg: leg.open.leg, code: codeOf(error) }, 'a leg that was given up was not opened, or cannot be closed')
      stream.abort(new SeamError('NET_CLOSED', 'the leg was given up'))
    }
  }

  /** Refused for a leg that a crash left unpaid: its closing voucher is on the way, so the peer is worth asking once more. */
  async #paidUp(error: unknown, routing: Promise<AckRoute>): Promise<boolean> {
    if (codeOf(error) !== 'UNPAID_LEG' || this.#askedAgain) return false
    this.#askedAgain = true
    const { courier } = await routing
    return courier.delivered(() => REQUEST_MS)
  }

  async #follow(
    target: LegTarget,
    leg: LegRecord,
    stream: LegStream,
    route: AckRoute,
    lost: Lost | null,
    startedMs: number
  ): Promise<Outcome> {
    for (;;) {
      const event = await stream.next()
      this.#checkOurs()
      if (this.#cancelled) return this.#finish(leg, stream, route, EndReason.cancelled, 'cancelled')
      if (event.kind === 'tokens') {
        const first = leg.to === leg.open.from
        let finish: 'stop' | 'length' | null
        try {
          finish = this.#tokens(target, leg, event.tokens, lost, startedMs)
        } catch (error) {
          this.#c.observe(target.peer, { failed: codeOf(error) })
          stream.abort(error as SeamError)
          return { kind: 'lost', lost: { peer: target.peer, end: EndReason.died, mayReturn: false } }
        }
        if (finish !== null)
          return this.#finish(
            leg,
            stream,
            route,
            this.#answer.stopped || (finish === 'length' && leg.to < leg.open.maxTo) ? EndReason.cancelled : EndReason.finished,
            finish
          )
        this.#acks.tokens(this.#state, leg, route)
        if ((first && lost !== null) || this.#refill.due) void this.#makeUp(target, stream)
        if (this.#c.clock.tickMs() - startedMs > GENERATION_MS_MAX * (leg.generation + 1)) await this.#rotate(target, leg, stream)
        await this.feed.room()
        continue
      }
      if (event.kind === 'progress') {
        this.feed.push([{ kind: 'waiting', done: event.done, total: event.total }])
        if (this.#refill.due) void this.#makeUp(target, stream) // while there is a prompt's time to copy in
        continue
      }
      const end = await lossOf(target.peer, event, this.#c.ownFault)
      this.#c.log.info({ peer: target.peerId, leg: leg.open.leg, end: endName(end.end) }, 'leg lost')
      if (end.end !== EndReason.drained) this.#c.observe(target.peer, { failed: endName(end.end) })
      if (event.kind === 'drain') stream.send({ cancel: { reason: EndReason.drained, to: leg.to } })
      else stream.abort(new SeamError('NET_CLOSED', 'the leg has ended'))
      return { kind: 'lost', lost: end }
    }
  }

  /** Accepts a frame and shows it. Returns how the turn is over, if it is. */
  #tokens(
    target: LegTarget,
    leg: LegRecord,
    tokens: wire.Tokens,
    lost: Lost | null,
    startedMs: number
  ): 'stop' | 'length' | null {
    const nowMs = this.#c.clock.tickMs()
    if (!this.#allowance.affords(leg.open, this.#state)) return 'length'
    const prints = printsOf(tokens.prints, tokens.ids.length)
    const accepted = acceptTokens(this.#state, leg.open.leg, tokens.from, tokens.ids)
    if (accepted === null) return null
    const events: TurnEvent[] = []
    if (tokens.resume !== undefined) this.#resumed(target, leg, tokens.resume, lost, nowMs, startedMs, events)
    if (tokens.mark !== undefined && tokens.mark.head.length === 32) {
      leg.kvBlocks = tokens.mark.blocks
      leg.kvHead = bytesToHex(tokens.mark.head)
    }
    let finish = accepted.finish
    let count = 0
    for (const id of accepted.ids) {
      const piece = this.#answer.push(id, tokens.logprobs[count])
      const index = accepted.from + count - this.#state.promptTo
      events.push({
        kind: 'token',
        index,
        id,
        text: piece.text,
        provider: target.peerId,
        leg: leg.open.leg,
        ...(piece.logprob && { logprob: piece.logprob })
      })
      this.#session.ids.push(id)
      this.#session.record.turn.text += piece.text
      count += 1
      if (piece.stopped) {
        finish = 'stop'
        break
      }
    }
    this.#session.prints.put(accepted.from, prints.subarray(0, count * PRINT_BYTES))
    this.#state.accepted = accepted.from + count
    this.#session.record.accepted = this.#state.accepted
    this.#c.spending?.accept(amountOf(leg, leg.to, this.#state.accepted))
    leg.to = this.#state.accepted
    this.#lastTokenMs = nowMs
    this.#session.persistSoon()
    this.feed.push(events)
    return finish
  }

  #capped(): void {
    const { leg, peerId } = { leg: this.#state.leg, peerId: this.#session.leg?.peerId ?? '' }
    const message = 'the answer ends here: what the spend caps leave pays for no more of it'
    this.feed.push([{ kind: 'warning', code: 'SPEND_CAP', message, leg, provider: peerId }])
  }

  #resumed(
    target: LegTarget,
    leg: LegRecord,
    resume: wire.Resume,
    lost: Lost | null,
    nowMs: number,
    startedMs: number,
    events: TurnEvent[]
  ): void {
    leg.resumed = (['none', 'warm', 'prefill'].includes(resume.tier) ? resume.tier : 'prefill') as Resumed
    leg.kept = resume.kept
    leg.recomputed = resume.recomputed
    this.#c.observe(target.peer, { firstTokenMs: nowMs - startedMs })
    if (lost === null || this.#lastTokenMs === undefined) return
    leg.gapMs = Math.round((nowMs - this.#lastTokenMs) * 10) / 10
    const from = this.#session.record.legs.findLast((l) => l.open.providerPeer === lost.peer)?.peerId ?? lost.peer
    const { resumed, kept, recomputed, gapMs } = leg
    events.push({
      kind: 'switch',
      leg: leg.open.leg,
      from,
      to: target.peerId,
      reason: endName(lost.end),
      resumed,
      kept,
      recomputed,
      gapMs
    })
  }

  async #finish(
    leg: LegRecord,
    stream: LegStream,
    route: AckRoute,
    end: EndReason,
    reason: 'stop' | 'length' | 'cancelled'
  ): Promise<Outcome> {
    if (end === EndReason.cancelled) stream.send({ cancel: { reason: end, to: leg.to } })
    await this.#acks.close(this.#state, leg, end, route, true)
    if (end === EndReason.finished) this.#session.record.parkedAt = leg.open.providerPeer
    void stream.close()
    return { kind: 'finished', reason }
  }

  /** The closing voucher of a leg whose peer may be gone: it waits with the courier until that peer is back. */
  async #close(leg: LegRecord, end: EndReason): Promise<void> {
    const route = await this.#c.route(leg.open.provider, leg.open.providerPeer)
    await this.#acks.close(this.#state, leg, end, route, false)
  }

  /** A leg that lasts gets a new epoch key: what was sealed under the old one is as much as anybody could ever open with it. */
  async #rotate(target: LegTarget, leg: LegRecord, stream: LegStream): Promise<void> {
    leg.generation += 1
    this.#session.sealedUnder({ leg: leg.open.leg, generation: leg.generation, peer: target.peer })
    await this.#session.persist()
    const { sessionId, modelId } = this.#session.record
    const secret = await buildRotation(this.#session.root, target, {
      sessionId,
      modelId,
      leg: leg.open.leg,
      generation: leg.generation
    })
    stream.send({ epochKey: { secret } })
  }

  async #makeUp(target: LegTarget, stream: LegStream): Promise<void> {
    await this.#refill.run(
      () => this.#c.successors(this.#session, target),
      (successors) => stream === this.#stream && stream.send({ successors: { successors } })
    )
  }
}

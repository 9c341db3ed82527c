import { expect } from 'chai'
import { silentLog } from 'openseam/components'
import { receiptFromWire } from 'openseam/protocol/convert'
import { type Bytes32, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { fingerprintOf, PRINT_BYTES, printBase } from 'openseam/protocol/fingerprint'
import { ACK_MS, ACK_POSITIONS } from 'openseam/protocol/limits'
import { EndReason, type WorkReceipt } from 'openseam/protocol/typed-data'
import { outputHash } from 'openseam/protocol/work'
import { Acknowledger, type AckRoute } from 'openseam/session/acknowledger'
import { ChannelBook } from 'openseam/session/channel-book'
import { type LegRecord, newLegRecord, SessionStore } from 'openseam/session/record'
import { Session } from 'openseam/session/session'
import type { TurnState } from 'openseam/session/turn-machine'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  clientSigner,
  domain,
  flakyStore,
  hash,
  key,
  legOpen,
  modelId,
  provider,
  providerPeer,
  settle,
  TestClock
} from './support.ts'

const PROMPT = 10
const prints = (count: number): Uint8Array => Uint8Array.from({ length: count * PRINT_BYTES }, (_, i) => i)

const setup = async () => {
  const store = flakyStore()
  const queue = new WriteQueue(store)
  const clock = new TestClock()
  const turn = {
    from: 0,
    promptTo: PROMPT,
    maxTo: 500,
    sampling: '0x',
    stop: [],
    successors: 0,
    cache: true,
    finish: null,
    text: ''
  }
  const record = {
    handle: 's_one',
    sessionId: hash('session'),
    model: 'seam-chat',
    modelId,
    root: hash('root'),
    nextLeg: 1,
    replicaLeg: 0,
    accepted: 0,
    epochs: [],
    messages: [],
    stopEnded: false,
    turn,
    legs: [] as LegRecord[]
  }
  const ids = Array.from({ length: PROMPT }, (_, i) => i)
  const session = new Session(new SessionStore(queue, key('store')), clock, record, ids, 0)
  const leg = newLegRecord(legOpen(), { peerId: 'p', numerics: hash('n') }, PROMPT, undefined)
  record.legs.push(leg)
  const state: TurnState = { promptTo: PROMPT, maxTo: 500, accepted: 0, leg: 0, ackedTo: 0, stopIds: new Set() }
  const book = await ChannelBook.load({ domain, signer: clientSigner, queue, provider, modelId, peer: providerPeer })
  /** What could be sent at each flush. */
  const offered: number[] = []
  const route = { book, courier: { flush: () => offered.push(book.ack(0)?.count ?? 0) } } as unknown as AckRoute
  const acks = new Acknowledger(session, clock, silentLog)
  const accept = (count: number): void => {
    state.accepted = Math.max(state.accepted, PROMPT) + count
    while (session.ids.length < state.accepted) session.ids.push(session.ids.length)
    leg.to = state.accepted
    acks.tokens(state, leg, route)
  }
  const receipts = (): WorkReceipt[] =>
    (book.ack(0)?.appended ?? []).map((draft) => receiptFromWire(draft, { client: clientSigner.account, provider, modelId }))
  /** Sealing runs beside the event loop: only the session knows when it is done. */
  const rest = async (): Promise<void> => {
    await session.settled
    await settle()
  }
  return { rest, store, clock, session, leg, state, book, route, acks, accept, receipts, offered }
}

describe('acknowledger', () => {
  it('the first token covers the prompt; then one receipt every 32 positions', async () => {
    const { rest, accept, clock, receipts, leg } = await setup()
    accept(1)
    await rest()
    expect(receipts().map(({ from, to, promptUnits, seq }) => [from, to, promptUnits, seq])).to.deep.equal([[0, 11, 10, 0]])
    await rest()
    await clock.advance(ACK_MS)
    for (let i = 0; i < ACK_POSITIONS - 1; i++) accept(1)
    await clock.advance(ACK_MS)
    await rest()
    expect(receipts()).to.have.length(1)
    accept(1)
    await rest()
    expect(
      receipts()
        .map(({ from, to }) => [from, to])
        .at(-1)
    ).to.deep.equal([11, 11 + ACK_POSITIONS])
    expect(leg.receipts).to.have.length(2)
  })

  it('on a busy channel waits until 100 ms are over, and covers what came meanwhile', async () => {
    const { rest, accept, clock, receipts } = await setup()
    accept(1)
    await rest()
    accept(ACK_POSITIONS)
    await clock.advance(ACK_MS - 1)
    await rest()
    expect(receipts()).to.have.length(1)
    accept(5)
    await clock.advance(1)
    await rest()
    expect(
      receipts()
        .map(({ from, to }) => [from, to])
        .at(-1)
    ).to.deep.equal([11, 11 + ACK_POSITIONS + 5])
  })

  it('a leg closes with a receipt over exactly what is left, its words and its end; and the wait is over', async () => {
    const { rest, accept, clock, receipts, acks, state, leg, route, session } = await setup()
    accept(1)
    await rest()
    accept(ACK_POSITIONS)
    await acks.close(state, leg, EndReason.died, route, false)
    expect(clock.sleeping).to.equal(0)
    const last = receipts().at(-1)!
    expect([last.from, last.to, last.end]).to.deep.equal([11, 11 + ACK_POSITIONS, EndReason.died])
    expect(last.outputHash).to.equal(outputHash(session.salt(0), session.ids.slice(11, last.to)))
    expect(last.amount).to.equal(7n * BigInt(ACK_POSITIONS))
    await clock.advance(10 * ACK_MS)
    await rest()
    expect(receipts()).to.have.length(2)
    expect(leg).to.include({ closed: true, end: EndReason.died, ackedTo: last.to, seq: 2 })
  })

  it('appends nothing while the provider is asked what it holds, and does not wait for another token then', async () => {
    const { rest, accept, receipts, book } = await setup()
    const asked = Promise.withResolvers<void>()
    book.asking = asked.promise.then(() => void (book.asking = undefined))
    accept(1)
    accept(4)
    await rest()
    expect(book.state.count).to.equal(0)
    asked.resolve()
    await settle() // the append is asked for now; `rest` waits until it is stored
    await rest()
    expect(receipts().map(({ from, to }) => [from, to])).to.deep.equal([[0, 15]])
  })

  it('a leg that ends while the provider is asked closes once it has said', async () => {
    const { rest, accept, receipts, acks, state, leg, book, route } = await setup()
    const asked = Promise.withResolvers<void>()
    book.asking = asked.promise.then(() => void (book.asking = undefined))
    accept(3)
    const closing = acks.close(state, leg, EndReason.finished, route, true)
    await rest()
    expect(book.state.count).to.equal(0)
    asked.resolve()
    await closing
    expect(receipts().map(({ from, to, end }) => [from, to, end])).to.deep.equal([[0, 13, EndReason.finished]])
  })

  it('a leg without a token closes with an empty receipt', async () => {
    const { receipts, acks, state, leg, route } = await setup()
    await acks.close(state, leg, EndReason.died, route, false)
    expect(receipts().map(({ from, to, amount, end }) => [from, to, amount, end])).to.deep.equal([[0, 0, 0n, EndReason.died]])
  })

  it('a receipt binds its peer to the logits it spoke of, the last one only when that peer is there to sign it', async () => {
    const base = (session: Session): Bytes32 =>
      printBase(session.salt(0), legOpen().requestHash, outputHash(session.salt(0), session.ids.slice(0, PROMPT)))
    for (const reached of [true, false]) {
      const { rest, accept, receipts, acks, state, leg, route, session } = await setup()
      session.prints.put(PROMPT, prints(3))
      accept(1)
      await rest()
      accept(2)
      await acks.close(state, leg, EndReason.cancelled, route, reached)
      expect(receipts().map(({ fingerprint }) => fingerprint)).to.deep.equal([
        fingerprintOf(base(session), prints(3).subarray(0, PRINT_BYTES)),
        reached ? fingerprintOf(base(session), prints(3).subarray(PRINT_BYTES)) : ZERO_BYTES32
      ])
    }
  })

  it('a peer that said nothing of one position is bound to nothing in that stretch', async () => {
    const { rest, accept, receipts, acks, state, leg, route, session } = await setup()
    session.prints.put(PROMPT + 1, prints(2))
    accept(1)
    await rest()
    accept(2)
    await acks.close(state, leg, EndReason.finished, route, true)
    expect(receipts().map(({ fingerprint }) => fingerprint === ZERO_BYTES32)).to.deep.equal([true, false])
  })

  it('receipt, voucher and session reach the disk in one batch, and only then is the courier told', async () => {
    const { rest, accept, store, offered } = await setup()
    accept(1)
    expect(offered).to.deep.equal([])
    await rest()
    expect(offered).to.deep.equal([1])
    const names = store.batches.at(-1)?.writes.map((write) => ('put' in write ? write.put.slice(0, 3) : 'del'))
    expect(names?.sort()).to.deep.equal(['ch:', 'lg:', 'rc:', 'se:'])
  })

  it('what the disk does not take is never sent', async () => {
    const { rest, accept, store, offered, book } = await setup()
    store.failing = true
    accept(1)
    await rest()
    expect(offered).to.deep.equal([])
    expect(book.ack(0)).to.equal(null)
  })
})

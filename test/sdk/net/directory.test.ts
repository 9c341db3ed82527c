/** A small market over real sockets: who learns of whom, and what liars achieve. */
import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { expect } from 'chai'
import { type Clock, silentLog, systemClock } from '../../../sdk/components.ts'
import { encodeOffer, type OfferBody, type OfferStamp, offerToSign } from '../../../sdk/market/offer.ts'
import {
  createDirectory,
  type Directory,
  modelKey,
  OFFERS_TOPIC,
  UNPROVEN_PER_TELLER,
  type VerifyBinding
} from '../../../sdk/net/directory.ts'
import type { Host } from '../../../sdk/net/host.ts'
import { OfferBook } from '../../../sdk/net/offer-book.ts'
import { offerProtocol } from '../../../sdk/net/protocols.ts'
import { CLOCK_SKEW_MS, OFFERS_PER_REPLY_MAX } from '../../../sdk/protocol/limits.ts'
import type { SignedOffer } from '../../../sdk/protocol/pb/messages.js'
import { peerKeyBytes, peerKeyOf } from '../../../sdk/protocol/peer-id.ts'
import { until } from '../../support/until.ts'
import { MODEL, modelOffer, offer as offerView } from '../market/support/offers.ts'
import { closeHosts, host } from './support/peers.ts'

const open: Directory[] = []
const trusting: VerifyBinding = async () => ({ ok: true })
const validUntil = Math.floor(Date.now() / 1000) + 3_600 // one date for all: a peer that signs again keeps its binding

const directory = async (at: Host, verifyBinding = trusting, clock: Clock = systemClock): Promise<Directory> => {
  const created = createDirectory({ host: at, clock, log: silentLog, verifyBinding })
  open.push(created)
  await created.start()
  return created
}

const bodyOf = (at: Pick<Host, 'peer' | 'multiaddrs'>, changes: Partial<OfferBody> = {}): OfferBody => ({
  binding: {
    provider: peerKeyBytes(at.peer).slice(0, 20),
    peer: peerKeyBytes(at.peer),
    x25519: new Uint8Array(32),
    signer: new Uint8Array(20),
    validUntil,
    signature: new Uint8Array(65)
  },
  models: [modelOffer()],
  region: '',
  multiaddrs: at.multiaddrs(),
  standbyBytesFree: 0,
  draining: false,
  version: '',
  ...changes
})

const provider = async (bootstrap: string[], changes: Partial<OfferBody> = {}): Promise<{ at: Host; offers: Directory }> => {
  const at = await host({ bootstrap })
  const offers = await directory(at)
  offers.announce(() => bodyOf(at, changes))
  return { at, offers }
}

const sign = async (at: Host, stamp: Partial<OfferStamp> = {}, changes: Partial<OfferBody> = {}): Promise<SignedOffer> => {
  const nowMs = Date.now()
  const body = encodeOffer(bodyOf(at, changes), { seq: nowMs, issuedAtMs: nowMs, ttlMs: 60_000, ...stamp })
  return { body, signature: (await at.sign(offerToSign(body))) as Uint8Array<ArrayBuffer> }
}

/** No quota is ever paid off under it. */
const still: Clock = { ...systemClock, tickMs: () => 0 }

/** The offer of a peer that nobody has ever seen, and that does not exist. */
const stranger = (): SignedOffer => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const peer = peerKeyOf(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
  const nowMs = Date.now()
  const body = encodeOffer(bodyOf({ peer, multiaddrs: () => [] }), { seq: nowMs, issuedAtMs: nowMs, ttlMs: 60_000 })
  return { body, signature: Uint8Array.from(signBytes(null, offerToSign(body), privateKey)) }
}

/** A peer that answers with whatever the test gives it, and one that asks it. */
const teller = async (
  verifyBinding = trusting,
  clock = systemClock
): Promise<{ liar: Host; victim: Directory; tell: (offers: SignedOffer[]) => Promise<void>; at: Host }> => {
  const liar = await host()
  let offers: SignedOffer[] = []
  liar.handle(offerProtocol, async (channel) => {
    for await (const _ of channel.receive()) await channel.send({ offers })
  })
  const at = await host({ listen: [] })
  const victim = await directory(at, verifyBinding, clock)
  return {
    liar,
    victim,
    at,
    tell: async (told) => {
      offers = told
      if (!at.connected(liar.peer)) await at.connect(liar.multiaddrs())
      await victim.refresh()
      await new Promise((resolve) => setTimeout(resolve, 200)) // bindings are verified after the reply
    }
  }
}

describe('directory', () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()))
    await closeHosts()
  })

  it('shows a newcomer all four providers, whichever of them it knows', async () => {
    const first = await provider([])
    const providers = [first, ...(await Promise.all([1, 2, 3].map(() => provider(first.at.multiaddrs()))))]
    const client = await host({ listen: [], bootstrap: first.at.multiaddrs() })
    const offers = await directory(client)
    await until(() => offers.offers().length === 4)
    expect(new Set(offers.offers().map(({ peer }) => peer))).to.deep.equal(new Set(providers.map(({ at }) => at.peer)))
    // its address book has them as well
    const last = providers[3]?.at as Host
    await (await client.open(last.peer, offerProtocol)).close()
    expect(client.connected(last.peer)).to.equal(true)
    // providers know each other, and nobody lists itself
    await until(() => providers.every((each) => each.offers.offers().length === 3))
  })

  it('spreads a change at once', async () => {
    const first = await provider([])
    let draining = false
    const at = await host({ bootstrap: first.at.multiaddrs() })
    const second = await directory(at)
    second.announce(() => bodyOf(at, { draining }))
    const client = await directory(await host({ listen: [], bootstrap: first.at.multiaddrs() }))
    await until(() => client.offers().length === 2)
    draining = true
    await second.announceNow()
    await until(() => client.offers().some((each) => each.peer === at.peer && each.draining))
  })

  it('finds providers of a model through the DHT', async () => {
    const relay = await host()
    const { at } = await provider(relay.multiaddrs())
    const client = await host({ listen: [], bootstrap: relay.multiaddrs() })
    const offers = await directory(client)
    const found = async (): Promise<boolean> => {
      for await (const { peer } of client.findProviders(modelKey(MODEL), AbortSignal.timeout(2_000)))
        if (peer === at.peer) return true
      return false
    }
    await until(() => found().catch(() => false))
    await offers.refresh(MODEL)
    await until(() => offers.offers().some(({ peer }) => peer === at.peer))
  })

  it('takes no forged, expired or future offer', async () => {
    const { liar, victim, tell, at } = await teller()
    const honest = await host()
    const forged = { ...(await sign(honest)), signature: (await sign(liar)).signature }
    await tell([forged])
    expect(victim.offers()).to.deep.equal([])
    const nowMs = Date.now()
    await tell([
      await sign(honest, { issuedAtMs: nowMs - 60_001 - CLOCK_SKEW_MS }),
      await sign(liar, { issuedAtMs: nowMs + CLOCK_SKEW_MS + 60_000 })
    ])
    expect(victim.offers()).to.deep.equal([])
    expect(at.connected(liar.peer)).to.equal(true) // a wrong clock is no crime
    await tell([await sign(honest)])
    expect(victim.offers().map(({ peer }) => peer)).to.deep.equal([honest.peer])
  })

  it('keeps the newest of a peer, and a replay brings nobody back', async () => {
    const { victim, tell } = await teller()
    const honest = await host()
    const [older, newer] = [await sign(honest, { seq: 1 }, { region: 'old' }), await sign(honest, { seq: 2 }, { region: 'new' })]
    await tell([newer, older])
    expect(victim.offers().map(({ region }) => region)).to.deep.equal(['new'])
    victim.forget(honest.peer)
    expect(victim.offers()).to.deep.equal([])
    await tell([newer, older])
    expect(victim.offers()).to.deep.equal([])
    await tell([await sign(honest, { seq: 3 })])
    expect(victim.offers().length).to.equal(1)
  })

  it('listens to one peer only so often', async () => {
    const { victim, tell } = await teller()
    const chatty = await host()
    await tell(await Promise.all(Array.from({ length: 12 }, (_, seq) => sign(chatty, { seq }))))
    expect(victim.offers().map(({ seq }) => seq)).to.deep.equal([3])
  })

  it('has only so many unknown peers of one teller looked up on the chain, and hears the others all the same', async () => {
    let lookups = 0
    const { liar, victim, tell, at } = await teller(async ({ peer }) => {
      lookups += 1
      return Buffer.compare(peer, peerKeyBytes(honest.peer)) === 0 ? { ok: true } : { ok: false, reason: 'no stake' }
    }, still)
    const honest = await host()
    for (let i = 0; i < 2 * (UNPROVEN_PER_TELLER.count / OFFERS_PER_REPLY_MAX); i++)
      await tell(Array.from({ length: OFFERS_PER_REPLY_MAX }, () => stranger()))
    await until(() => lookups >= UNPROVEN_PER_TELLER.count)
    expect(lookups).to.equal(UNPROVEN_PER_TELLER.count)
    expect(at.connected(liar.peer)).to.equal(true) // it may be passing on what others made up
    const offers = await directory(honest)
    offers.announce(() => bodyOf(honest))
    await at.connect(honest.multiaddrs())
    await until(() => victim.offers().some(({ peer }) => peer === honest.peer))
  })

  it('shows nobody whose binding fails, and goes on with those that held when the chain is down', async () => {
    const known = await host()
    let chain: 'up' | 'down' = 'up'
    let nowMs = Date.now()
    const clock = { ...systemClock, nowMs: () => nowMs }
    const verify: VerifyBinding = async (binding) => {
      if (chain === 'down') throw new Error('no answer')
      return Buffer.from(binding.peer).equals(peerKeyBytes(known.peer)) ? { ok: true } : { ok: false, reason: 'no stake' }
    }
    const at = await host({ listen: [] })
    const victim = await directory(at, verify, clock)
    const stranger = await host()
    const from = await host()
    let offers = [await sign(known), await sign(stranger)]
    from.handle(offerProtocol, async (channel) => {
      for await (const _ of channel.receive()) await channel.send({ offers })
    })
    await at.connect(from.multiaddrs())
    await until(() => victim.offers().length > 0)
    expect(victim.offers().map(({ peer }) => peer)).to.deep.equal([known.peer])
    chain = 'down'
    nowMs += 601_000 // the proof is due again
    offers = [await sign(known, { seq: nowMs, issuedAtMs: nowMs })]
    await victim.refresh()
    await until(() => victim.offers().length > 0) // those from before have expired
    expect(victim.offers().map(({ seq }) => seq)).to.deep.equal([nowMs])
  })

  it('disconnects who gossips garbage', async () => {
    const at = await host()
    await directory(at)
    const vandal = await host({ listen: [], bootstrap: at.multiaddrs() })
    const stop = vandal.subscribe(OFFERS_TOPIC, () => 'accept')
    let gone = false
    vandal.onPeer(({ connected }) => {
      gone ||= !connected
    })
    await until(async () => {
      await vandal.publish(OFFERS_TOPIC, crypto.getRandomValues(new Uint8Array(40)))
      return gone
    })
    stop()
  })
})

describe('offer book', () => {
  const entry = (index: number, visible: boolean, changes = {}) => ({
    offer: offerView(index, changes),
    signed: { body: new Uint8Array(0), signature: new Uint8Array(0) },
    visible
  })

  it('is bounded: what expired goes first, then the unproven, then the oldest news', () => {
    const nowMs = offerView(0).issuedAtMs
    const book = new OfferBook(3)
    expect(book.put(entry(1, true, { expiresAtMs: nowMs + 10 }), nowMs)).to.equal(true)
    expect(book.put(entry(2, true), nowMs)).to.equal(true)
    expect(book.put(entry(3, false), nowMs)).to.equal(true)
    expect(book.put(entry(4, false), nowMs)).to.equal(true) // in place of 3
    expect(book.get(offerView(3).peer)).to.equal(undefined)
    expect(book.put(entry(5, true), nowMs + 10)).to.equal(true) // in place of 1, which has expired
    expect(book.get(offerView(1).peer)).to.equal(undefined)
    expect(book.put(entry(6, true), nowMs)).to.equal(true) // in place of 4
    expect(book.put(entry(7, false), nowMs)).to.equal(false) // nobody proven leaves for it
    expect(book.put(entry(8, true), nowMs)).to.equal(true) // in place of 2, the oldest news
    expect(book.size).to.equal(3)
    expect(book.live(nowMs).map(({ offer }) => offer.peer)).to.deep.equal([5, 6, 8].map((i) => offerView(i).peer))
  })
})

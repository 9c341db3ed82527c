import { expect } from 'chai'
import fc from 'fast-check'
import type { PeerKey } from '../../../sdk/components.ts'
import { type Observed, observeFailure, observeTokens } from '../../../sdk/market/observe.ts'
import type { OfferView } from '../../../sdk/market/offer.ts'
import { type Placement, place } from '../../../sdk/market/place.ts'
import type { ErrorCode } from '../../../sdk/protocol/errors.ts'
import { hex, MODEL, NOW_MS, offer, seeded } from './support/offers.ts'

const placing = (offers: OfferView[], changes: Partial<Placement> = {}): Placement => ({
  offers,
  want: { model: MODEL, positions: 300 },
  observed: new Map(),
  exclude: new Map(),
  successors: 1,
  nowMs: NOW_MS,
  draw: seeded(1),
  ...changes
})

/** How often each peer is chosen to serve, over many draws. */
const shares = (placement: Placement, draws = 400): Map<PeerKey, number> => {
  const counts = new Map<PeerKey, number>()
  const draw = seeded(7)
  for (let i = 0; i < draws; i++) {
    const { provider } = place({ ...placement, draw })
    if (provider !== null) counts.set(provider.peer, (counts.get(provider.peer) ?? 0) + 1 / draws)
  }
  return counts
}

const anyOffer = fc
  .record({
    account: fc.integer({ min: 1, max: 6 }),
    price: fc.bigInt({ min: 0n, max: 2_000n }),
    contextMax: fc.constantFrom(128, 512, 4_096),
    slotsFree: fc.integer({ min: 0, max: 4 }),
    draining: fc.boolean(),
    live: fc.boolean(),
    known: fc.boolean(),
    numerics: fc.integer({ min: 1, max: 2 }),
    region: fc.constantFrom('', 'eu', 'us')
  })
  .map(
    (row) => (index: number) =>
      offer(
        index,
        { account: hex(row.account, 20), draining: row.draining, region: row.region, expiresAtMs: NOW_MS + (row.live ? 1 : 0) },
        {
          promptWei: row.price,
          completionWei: row.price * 2n,
          contextMax: row.contextMax,
          slotsFree: row.slotsFree,
          modelId: row.known ? MODEL : hex(9, 32),
          name: row.known ? 'seam-chat' : 'other',
          numerics: hex(row.numerics, 32)
        }
      )
  )

const anyPlacement = fc
  .record({
    rows: fc.array(anyOffer, { maxLength: 12 }),
    excluded: fc.array(fc.nat(11), { maxLength: 4 }),
    cap: fc.option(fc.bigInt({ min: 0n, max: 4_000n }), { nil: undefined }),
    wanted: fc.option(fc.nat(11), { nil: undefined }),
    successors: fc.integer({ min: 0, max: 4 }),
    seed: fc.integer()
  })
  .map(({ rows, excluded, cap, wanted, successors, seed }) => {
    const offers = rows.map((make, index) => make(index))
    const exclude = new Map(
      excluded.flatMap((i) =>
        offers[i] === undefined ? [] : [[offers[i].peer, { code: 'NET_CLOSED' as ErrorCode, detail: 'died' }]]
      )
    )
    const maxWeiPerMillion = cap === undefined ? undefined : cap * 1_000_000n
    const want = {
      model: 'seam-chat',
      positions: 300,
      maxWeiPerMillion,
      provider: wanted === undefined ? undefined : offers[wanted]?.peerId
    }
    return { placement: placing(offers, { want, exclude, successors }), seed, cap }
  })

describe('placement', () => {
  it('never chooses what was excluded, is over the cap, or cannot serve', () => {
    fc.assert(
      fc.property(anyPlacement, ({ placement, seed, cap }) => {
        const { provider, successors } = place({ ...placement, draw: seeded(seed) })
        for (const chosen of provider === null ? successors : [provider, ...successors]) {
          const model = chosen.models[0]
          expect(placement.exclude.has(chosen.peer)).to.equal(false)
          expect(chosen.draining || chosen.expiresAtMs <= NOW_MS || model === undefined).to.equal(false)
          expect(model?.name).to.equal('seam-chat')
          expect(model?.contextMax).to.be.at.least(300)
          expect(model?.slotsFree).to.be.at.least(1)
          if (cap !== undefined) expect(Number(model?.completionWei)).to.be.at.most(Number(cap))
        }
        if (placement.want.provider !== undefined && provider !== null) expect(provider.peerId).to.equal(placement.want.provider)
      }),
      { numRuns: 500 }
    )
  })

  it('accounts for every offer exactly once: chosen, or with a reason', () => {
    fc.assert(
      fc.property(anyPlacement, ({ placement, seed }) => {
        const { provider, successors, excluded } = place({ ...placement, draw: seeded(seed) })
        const named = [...(provider === null ? [] : [provider]), ...successors]
          .map(({ peerId }) => peerId)
          .concat(excluded.map((row) => row.provider))
        expect(named.toSorted()).to.deep.equal(placement.offers.map(({ peerId }) => peerId).toSorted())
        for (const { detail } of excluded) expect(detail).not.to.equal('')
      }),
      { numRuns: 500 }
    )
  })

  it('is a function of its arguments and the draw, and changes none of them', () => {
    fc.assert(
      fc.property(anyPlacement, ({ placement, seed }) => {
        const before = structuredClone(placement.offers)
        expect(place({ ...placement, draw: seeded(seed) })).to.deep.equal(place({ ...placement, draw: seeded(seed) }))
        expect(placement.offers).to.deep.equal(before)
      }),
      { numRuns: 100 }
    )
  })

  it('finds a provider whenever one is fit, and successors of distinct accounts', () => {
    fc.assert(
      fc.property(anyPlacement, ({ placement, seed }) => {
        const { provider, successors, excluded } = place({ ...placement, draw: seeded(seed) })
        if (provider === null)
          expect(excluded.every(({ code }) => code !== 'NOT_CHOSEN' || placement.want.provider !== undefined)).to.equal(true)
        const accounts = [provider, ...successors].flatMap((chosen) => chosen?.account ?? [])
        expect(new Set(accounts).size).to.equal(accounts.length)
        expect(successors.length).to.be.at.most(placement.successors)
      }),
      { numRuns: 500 }
    )
  })

  it('gives the reason with both values', () => {
    const offers = [
      offer(1, {}, { contextMax: 256 }),
      offer(2, {}, { completionWei: 900n }),
      offer(3, { draining: true }),
      offer(4, {}, { slotsFree: 0 }),
      offer(5, { expiresAtMs: NOW_MS }),
      offer(6, {}, { modelId: hex(1, 32), name: 'x' })
    ]
    const want = { model: MODEL, positions: 300, maxWeiPerMillion: 500_000_000n }
    const { provider, excluded } = place(placing(offers, { want }))
    expect(provider).to.equal(null)
    expect(excluded.map(({ code }) => code)).to.deep.equal([
      'CONTEXT_TOO_LONG',
      'PRICE_ABOVE_CAP',
      'DRAINING',
      'NO_SLOT',
      'OFFER_EXPIRED',
      'MODEL_UNKNOWN'
    ])
    expect(excluded[0]?.detail).to.contain('300').and.contain('256')
    expect(excluded[1]?.detail).to.contain('900000000').and.contain('500000000')
  })

  it('spreads over equal peers, and leaves a much worse one alone', () => {
    const equal = shares(placing([offer(1), offer(2), offer(3), offer(4)]))
    for (const share of equal.values()) expect(share).to.be.within(0.1, 0.45)
    const slow = shares(placing([offer(1), offer(2), offer(3, {}, { decodePerSecond: 10 })]))
    expect(slow.has(offer(3).peer)).to.equal(false)
  })

  it('believes what it measured over what was declared, and remembers failures for a while', () => {
    const [boaster, honest] = [offer(1, {}, { decodePerSecond: 100_000 }), offer(2)]
    const observed = new Map<PeerKey, Observed>([[boaster.peer, observeTokens(undefined, 10, 1_000, NOW_MS)]])
    expect([...shares(placing([boaster, honest], { observed })).keys()]).to.deep.equal([honest.peer])
    let failed = observeFailure(undefined, NOW_MS)
    for (let i = 0; i < 3; i++) failed = observeFailure(failed, NOW_MS)
    const flaky = new Map([[honest.peer, failed]])
    expect(shares(placing([offer(3), honest], { observed: flaky })).has(honest.peer)).to.equal(false)
    const anHourLater = placing([offer(3, { expiresAtMs: NOW_MS + 7_200_000 }), { ...honest, expiresAtMs: NOW_MS + 7_200_000 }], {
      observed: flaky,
      nowMs: NOW_MS + 3_600_000
    })
    expect(shares(anHourLater).has(honest.peer)).to.equal(true)
  })

  it('prefers the cheaper of otherwise equal peers and the less loaded', () => {
    const price = shares(placing([offer(1), offer(2, {}, { promptWei: 300n, completionWei: 600n })]))
    expect(price.get(offer(1).peer)).to.be.above(0.7)
    const load = shares(placing([offer(1), offer(2, {}, { slotsFree: 1 })]))
    expect(load.get(offer(1).peer)).to.be.above(0.7)
  })

  it('takes successors of equal numerics first, elsewhere if there is a choice', () => {
    const other = hex(5, 32)
    const offers = [offer(1), offer(2, {}, { numerics: other }), offer(3)]
    for (let seed = 0; seed < 50; seed++) {
      const { provider, successors } = place(
        placing(offers, { want: { model: MODEL, positions: 300, provider: offers[0]?.peerId }, draw: seeded(seed) })
      )
      expect(provider?.peer).to.equal(offers[0]?.peer)
      expect(successors.map(({ peer }) => peer)).to.deep.equal([offers[2]?.peer])
    }
    const near = offer(4, { multiaddrs: ['/ip4/10.0.1.77/tcp/1'], region: 'eu' })
    const serving = offer(1, { region: 'eu' })
    let nearCount = 0
    for (let seed = 0; seed < 100; seed++) {
      const { successors } = place(
        placing([serving, near, offer(5)], {
          want: { model: MODEL, positions: 300, provider: serving.peerId },
          draw: seeded(seed)
        })
      )
      if (successors[0]?.peer === near.peer) nearCount += 1
    }
    expect(nearCount).to.equal(0)
  })
})

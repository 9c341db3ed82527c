/** How long a client takes to choose a provider and a successor, by the number of offers it knows. */
import type { OfferView } from 'openseam/market/offer'
import { place } from 'openseam/market/place'
import type { Hex } from 'openseam/protocol/eth'
import { peerIdOf } from 'openseam/protocol/peer-id'
import type { BenchOptions } from './options.ts'
import { chance, median, round } from './stats.ts'

const OFFERS = [10, 1_000, 100_000]
const ROUNDS = 30
const QUICK_ROUNDS = 5
const BATCH_MS = 20 // one measurement is as many placements as fill this, so that the timer's grain does not show

const NOW_MS = 1_800_000_000_000
const MODEL: Hex = `0x${'a1'.repeat(32)}`
const NUMERICS: Hex[] = [`0x${'c3'.repeat(32)}`, `0x${'c4'.repeat(32)}`]

/** A market as mixed as a real one: prices, speeds, two kinds of machine, some full, some shutting down. */
export const offersOf = (count: number, draw: () => number): OfferView[] =>
  Array.from({ length: count }, (_, index) => {
    const peer: Hex = `0x${index.toString(16).padStart(64, '0')}`
    const wei = BigInt(100 + Math.floor(draw() * 100))
    return {
      peer,
      peerId: peerIdOf(peer),
      account: `0x${(index + 1).toString(16).padStart(40, '0')}`,
      x25519: new Uint8Array(32),
      signer: `0x${(index + 1).toString(16).padStart(40, '0')}`,
      bindingValidUntil: NOW_MS / 1000 + 86_400,
      seq: NOW_MS,
      issuedAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 120_000,
      region: ['eu', 'us', 'ap'][index % 3] as string,
      multiaddrs: [],
      models: [
        {
          modelId: MODEL,
          manifestHash: MODEL,
          name: 'bench',
          numerics: NUMERICS[index % 2] as Hex,
          contextMax: 2_048,
          promptWei: wei,
          completionWei: 2n * wei,
          slotsFree: Math.floor(draw() * 5),
          slotsTotal: 4,
          prefillPerSecond: 500 + Math.floor(draw() * 1_000),
          decodePerSecond: 20 + Math.floor(draw() * 100),
          blockBytes: 65_536,
          payees: [],
          bps: []
        }
      ],
      standbyBytesFree: 2 ** 30,
      draining: draw() < 0.02,
      version: 'bench'
    }
  })

export const placement = async ({ quick, say }: BenchOptions): Promise<object> => {
  const microseconds: Record<string, number> = {}
  for (const count of OFFERS) {
    const draw = chance(count)
    const offers = offersOf(count, draw)
    const once = (): void => {
      const want = { model: MODEL, positions: 1_500 }
      const placed = place({ offers, want, observed: new Map(), exclude: new Map(), successors: 1, nowMs: NOW_MS, draw })
      if (placed.provider === null || placed.successors.length !== 1) throw new Error('nobody was placed')
    }
    const seen: number[] = []
    for (let i = 0; i < (quick ? QUICK_ROUNDS : ROUNDS); i++) {
      let done = 0
      const startMs = performance.now()
      do {
        once()
        done += 1
      } while (performance.now() - startMs < BATCH_MS)
      seen.push(((performance.now() - startMs) * 1_000) / done)
    }
    microseconds[count] = round(median(seen))
    say(`${count} offers: ${microseconds[count]} microseconds`)
  }
  return { microseconds }
}

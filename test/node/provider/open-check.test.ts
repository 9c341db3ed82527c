import { expect } from 'chai'
import { OFFER_MULTIADDRS_MAX } from 'openseam/market/offer'
import { packIds } from 'openseam/protocol/bytes'
import { legToWire } from 'openseam/protocol/convert'
import { CLOCK_SKEW_MS, SUCCESSORS_MAX } from 'openseam/protocol/limits'
import type { Open, Sampling } from 'openseam/protocol/pb'
import type { LegOpen } from 'openseam/protocol/typed-data'
import { checkOpen, type OpenFacts } from '../../../node/provider/open-check.ts'
import { clientPeer, codeThrown, hash, legOpen, modelId, provider, providerPeer } from '../../sdk/session/support.ts'

const NOW_MS = 1_800_000_000_000
const facts: OpenFacts = {
  account: provider,
  peer: providerPeer,
  clientPeer,
  modelId,
  contextMax: 1_024,
  vocabSize: 500,
  promptWei: 3n,
  completionWei: 7n,
  grant: undefined,
  nowMs: NOW_MS
}

const sampling = (completionFrom: number): Sampling => ({
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
  logitBias: [],
  seed: 1n,
  logprobs: 0,
  stopIds: [2],
  completionFrom
})

const PROMPT = [1, 2, 3, 4]
interface Change {
  leg?: Partial<LegOpen>
  ids?: number[]
  completionFrom?: number
  frame?: Partial<Open>
}
const frame = ({ leg, ids = PROMPT, completionFrom = 4, frame: rest }: Change = {}): Open => ({
  leg: legToWire(legOpen({ deadline: NOW_MS / 1000 + 60, maxTo: 1_024, ...leg })),
  signature: new Uint8Array(65),
  secret: { enc: new Uint8Array(32), ciphertext: new Uint8Array(16) },
  ids: packIds(ids),
  sampling: sampling(completionFrom),
  successors: [],
  grantId: new Uint8Array(0),
  kvHead: new Uint8Array(0),
  exactTail: false,
  replica: new Uint8Array(16),
  parkKey: new Uint8Array(0),
  ...rest
})

const successor = { grantId: new Uint8Array(16), peer: new Uint8Array(32), multiaddrs: [] }

describe('opening frame', () => {
  it('that fits is taken apart', () => {
    const checked = checkOpen(frame(), facts)
    expect(checked.ids).to.deep.equal(PROMPT)
    expect(checked.leg).to.deep.equal(legOpen({ deadline: NOW_MS / 1000 + 60, maxTo: 1_024 }))
    expect(checked.sampling.completionFrom).to.equal(4)
  })

  it('of a takeover comes in two kinds: in the answer, and before its first token', () => {
    expect(checkOpen(frame({ leg: { leg: 1, from: 6 }, ids: [...PROMPT, 5, 6] }), facts).leg.from).to.equal(6)
    expect(checkOpen(frame({ leg: { leg: 1, from: 2 } }), facts).leg.from).to.equal(2)
  })

  it('of a later turn charges the new prompt only', () => {
    expect(
      checkOpen(frame({ leg: { leg: 1, from: 6 }, ids: [...PROMPT, 5, 6, 7, 8], completionFrom: 8 }), facts).leg.from
    ).to.equal(6)
  })

  const refusals: [name: string, code: string, change: Change][] = [
    ['without terms', 'WIRE_MALFORMED', { frame: { leg: undefined } }],
    ['without sampling', 'WIRE_MALFORMED', { frame: { sampling: undefined } }],
    ['without secret', 'WIRE_MALFORMED', { frame: { secret: undefined } }],
    ['with half an id', 'WIRE_MALFORMED', { frame: { ids: new Uint8Array(7) } }],
    [
      'with an address that is none',
      'WIRE_MALFORMED',
      { frame: { leg: { ...legToWire(legOpen()), client: new Uint8Array(19) } } }
    ],
    ['for another model', 'MODEL_UNKNOWN', { leg: { modelId: hash('another') } }],
    ['for another account', 'LEG_MISMATCH', { leg: { provider: `0x${'11'.repeat(20)}` } }],
    ['for another peer', 'LEG_MISMATCH', { leg: { providerPeer: hash('another') } }],
    ['of another client peer', 'LEG_MISMATCH', { leg: { clientPeer: hash('another') } }],
    ['past its deadline', 'LEG_MISMATCH', { leg: { deadline: (NOW_MS - CLOCK_SKEW_MS) / 1000 - 1 } }],
    ['below the price of a prompt', 'OFFER_EXPIRED', { leg: { promptWei: 2n } }],
    ['below the price of a completion', 'OFFER_EXPIRED', { leg: { completionWei: 6n } }],
    ['that wants more context than there is', 'CONTEXT_TOO_LONG', { leg: { maxTo: 1_025 } }],
    ['without room for an answer', 'CONTEXT_TOO_LONG', { leg: { maxTo: 4 } }],
    ['without a prompt', 'CONTEXT_TOO_LONG', { ids: [], completionFrom: 0 }],
    ['that starts behind its token log', 'LEG_MISMATCH', { leg: { leg: 1, from: 5 } }],
    ['of a first leg that claims an earlier one', 'LEG_MISMATCH', { leg: { leg: 0, from: 4 } }],
    ['whose answer starts behind its token log', 'LEG_MISMATCH', { completionFrom: 5 }],
    ['whose answer starts at 0', 'LEG_MISMATCH', { leg: { leg: 1, from: 4 }, completionFrom: 0 }],
    ['that would charge tokens of the answer again', 'LEG_MISMATCH', { leg: { leg: 1, from: 5 }, ids: [...PROMPT, 5, 6] }],
    ['with an id outside the vocabulary', 'BAD_TOKEN_ID', { ids: [1, 2, 3, 500] }],
    [
      'with a successor that has no name',
      'WIRE_MALFORMED',
      { frame: { successors: [{ ...successor, peer: new Uint8Array(31) }] } }
    ],
    [
      'with a successor under no grant',
      'WIRE_MALFORMED',
      { frame: { successors: [{ ...successor, grantId: new Uint8Array(0) }] } }
    ],
    [
      'with a successor that is everywhere',
      'WIRE_TOO_LONG',
      { frame: { successors: [{ ...successor, multiaddrs: new Array(OFFER_MULTIADDRS_MAX + 1).fill('/ip4/127.0.0.1/tcp/1') }] } }
    ],
    ['with too many successors', 'WIRE_TOO_LONG', { frame: { successors: new Array(SUCCESSORS_MAX + 1).fill(successor) } }]
  ]
  for (const [name, code, change] of refusals) {
    it(`${name} is refused with ${code}`, () => {
      expect(codeThrown(() => checkOpen(frame(change), facts))).to.equal(code)
    })
  }

  it('is given the clock’s tolerance, and may pay more than is asked', () => {
    expect(codeThrown(() => checkOpen(frame({ leg: { deadline: (NOW_MS - CLOCK_SKEW_MS) / 1000 } }), facts))).to.equal('none')
    expect(codeThrown(() => checkOpen(frame({ leg: { promptWei: 4n, completionWei: 8n } }), facts))).to.equal('none')
    expect(
      codeThrown(() => checkOpen(frame({ frame: { successors: new Array(SUCCESSORS_MAX).fill(successor) } }), facts))
    ).to.equal('none')
  })

  it('may pay what a grant locked, though the offer rose since; not one price of each', () => {
    const grant = { client: new Uint8Array(20), promptWei: Uint8Array.of(2), completionWei: Uint8Array.of(9) }
    const at = (promptWei: bigint, completionWei: bigint): string =>
      codeThrown(() => checkOpen(frame({ leg: { promptWei, completionWei } }), { ...facts, grant }))
    expect(at(2n, 9n)).to.equal('none')
    expect(at(3n, 7n)).to.equal('none')
    expect(at(2n, 7n)).to.equal('OFFER_EXPIRED')
    expect(at(1n, 9n)).to.equal('OFFER_EXPIRED')
  })
})

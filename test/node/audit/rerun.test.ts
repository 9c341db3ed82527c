import { expect } from 'chai'
import { rerun } from '../../../node/audit/rerun.ts'
import { buildManifest } from '../../../node/engine/index.ts'
import { samplingOf } from '../../../node/engine/sampling.ts'
import { fingerprintOf } from '../../../sdk/protocol/fingerprint.ts'
import { SESSION_RECEIPTS_MAX } from '../../../sdk/protocol/limits.ts'
import { type OpenedLeg, type Opening, openedBase } from '../../../sdk/protocol/opening.ts'
import { Sampling } from '../../../sdk/protocol/pb/messages.js'
import { PrintLog } from '../../../sdk/protocol/print-log.ts'
import { modelIdOf, type WorkReceipt } from '../../../sdk/protocol/typed-data.ts'
import { outputHash } from '../../../sdk/protocol/work.ts'
import { chat, job, MODEL, open, run } from '../engine/helpers.ts'

const hash = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`
const prompt = chat('My name is Ada. Tell me a story about a blue lamp.')
const request = {
  ...{ temperature: 1, topP: 0.95, topK: 0, minP: 0, repetitionPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
  ...{ logitBias: [], seed: 7n, logprobs: 0, stopIds: [], completionFrom: prompt.length, grammar: undefined }
}

/** As an honest client and provider draft it for leg 0. */
const receiptOf = (opening: Opening, seq: number, from: number, to: number): WorkReceipt => {
  const { sessionId, modelId, completionFrom } = opening
  const leg = opening.legs[0] as OpenedLeg
  const log = new PrintLog(completionFrom)
  log.put(completionFrom, opening.prints)
  return {
    ...{ sessionId, leg: 0, seq, client: `0x${'1'.repeat(40)}`, provider: `0x${'2'.repeat(40)}`, modelId, from, to },
    ...{ promptUnits: Math.max(0, Math.min(to, completionFrom) - from), amount: 1n, kvHead: hash('0'), end: 0 },
    outputHash: outputHash(leg.salt, opening.ids.slice(from, to)),
    fingerprint: log.fingerprint(openedBase(opening, leg), from, to)
  }
}

/** An answer, the opening its client has of it, and one receipt over all of it. `seed`: what the provider drew with. */
const made = async (seed = request.seed): Promise<{ opening: Opening; receipt: WorkReceipt }> => {
  const sampling = Sampling.encode(request)
  const engine = await open({ slots: 1 })
  const spec = job(prompt, 400, { sampling: { ...samplingOf(Sampling.decode(sampling)), seed }, fingerprint: true })
  const { ids, events } = await run(engine, spec).finally(() => engine.close())
  const prints = Buffer.concat(events.flatMap((event) => (event.kind === 'tokens' && event.prints ? [event.prints] : [])))
  const { manifestHash } = await buildManifest(MODEL)
  const leg = { leg: 0, from: 0, salt: new Uint8Array(32).fill(5) }
  const log = [...prompt, ...ids]
  const opening = {
    ...{ sessionId: hash('a'), modelId: modelIdOf(manifestHash), ids: log, completionFrom: prompt.length },
    ...{ prints, sampling, legs: [leg] }
  }
  const receipt = receiptOf(opening, 0, 0, log.length)
  return { opening, receipt }
}

describe('running work again', () => {
  it('accepts what the model drew', async () => {
    const { opening, receipt } = await made()
    const report = await rerun({ modelDir: MODEL, opening, receipts: [{ receipt, signed: true }] })
    expect(report.reasons).to.deep.equal([])
    expect(report.verdict).to.equal('accepted')
    expect(report.positions).to.equal(400)
  })

  it('rejects another seed, and logits that are not the model’s', async () => {
    const { opening, receipt } = await made(8n)
    expect((await rerun({ modelDir: MODEL, opening, receipts: [{ receipt, signed: true }] })).verdict).to.equal('rejected')
    const honest = await made()
    honest.opening.prints[9 * 100 + 1]! += 1 // a quarter of a logit at one position
    const fingerprint = fingerprintOf(openedBase(honest.opening, honest.opening.legs[0]!), honest.opening.prints)
    const lied = await rerun({
      modelDir: MODEL,
      opening: honest.opening,
      receipts: [{ receipt: { ...honest.receipt, fingerprint }, signed: true }]
    })
    expect(lied.verdict).to.equal('rejected')
    expect(lied.blocks.filter(({ fault }) => fault !== null)).to.have.length(1)
  })

  it('accuses nobody with an opening that the receipt does not bind', async () => {
    const { opening, receipt } = await made()
    const other = { ...opening, sampling: Sampling.encode({ ...request, seed: 8n }) }
    expect((await rerun({ modelDir: MODEL, opening: other, receipts: [{ receipt, signed: true }] })).verdict).to.equal(
      'inconclusive'
    )
    const unprinted = { ...receipt, fingerprint: hash('0') }
    expect((await rerun({ modelDir: MODEL, opening, receipts: [{ receipt: unprinted, signed: true }] })).verdict).to.equal(
      'inconclusive'
    )
    expect((await rerun({ modelDir: MODEL, opening, receipts: [{ receipt, signed: false }] })).verdict).to.equal('inconclusive')
    const elsewhere = { ...receipt, outputHash: hash('3') }
    expect((await rerun({ modelDir: MODEL, opening, receipts: [{ receipt: elsewhere, signed: true }] })).verdict).to.equal(
      'inconclusive'
    )
  })

  it('binds a stretch only when signed receipts bind all that its peer had written before it', async () => {
    const { opening } = await made()
    const end = opening.ids.length
    const cuts = [0, prompt.length + 1, prompt.length + 100, prompt.length + 250, end]
    const receipts = cuts.slice(1).map((to, seq) => receiptOf(opening, seq, cuts[seq] as number, to))
    const boundOf = async (signed: boolean[], order = receipts): Promise<boolean[]> => {
      const audited = order.map((receipt) => ({ receipt, signed: signed[receipt.seq] as boolean }))
      const { blocks } = await rerun({ modelDir: MODEL, opening, receipts: audited })
      expect(blocks.every(({ fault }) => fault === null)).to.equal(true)
      return receipts.map(({ seq }) => blocks.filter((block) => block.seq === seq).every(({ bound }) => bound))
    }
    expect(await boundOf([true, true, true, true])).to.deep.equal([true, true, true, true])
    expect(await boundOf([true, true, true, true], receipts.toReversed())).to.deep.equal([true, true, true, true])
    expect(await boundOf([true, false, true, true])).to.deep.equal([true, false, false, false])
    expect(await boundOf([true, true, true, true], receipts.with(1, receipts[0]!))).to.deep.equal([true, true, false, false])
  })

  it('runs a range alone, and judges nothing outside of it', async () => {
    const { opening } = await made()
    const cuts = [0, prompt.length + 1, prompt.length + 100, prompt.length + 250, opening.ids.length]
    const receipts = cuts.slice(1).map((to, seq) => ({ receipt: receiptOf(opening, seq, cuts[seq] as number, to), signed: true }))
    const range = { from: prompt.length + 120, to: prompt.length + 190 }
    const unsigned = receipts.with(3, { ...receipts[3]!, signed: false })
    const report = await rerun({ modelDir: MODEL, opening, receipts: unsigned, range })
    expect(report).to.deep.include({ verdict: 'accepted', reasons: [], positions: 70 })
    expect([report.blocks[0]?.from, report.blocks.at(-1)?.to]).to.deep.equal([range.from, range.to])
    const loose = await rerun({ modelDir: MODEL, opening, receipts: receipts.with(1, { ...receipts[1]!, signed: false }), range })
    expect(loose.verdict).to.equal('inconclusive') // nobody signed what came before the range
    expect(loose.reasons[0]).to.match(/stands alone/)
    const past = await rerun({ modelDir: MODEL, opening, receipts, range: { from: 0, to: 3 } })
    expect(past.verdict).to.equal('inconclusive')
  })

  it('is quick with as many receipts as a session can have', async () => {
    const { opening } = await made()
    const receipt = receiptOf(opening, 0, 0, prompt.length + 1)
    const many = Array.from({ length: SESSION_RECEIPTS_MAX }, (_, seq) => {
      const from = prompt.length + (seq % 300)
      return { receipt: { ...receipt, seq, from, to: from + 1 }, signed: true }
    })
    const report = await rerun({ modelDir: MODEL, opening, receipts: many })
    expect(report.verdict).to.equal('inconclusive')
    expect(report.reasons.length).to.be.at.least(many.length)
  })
})

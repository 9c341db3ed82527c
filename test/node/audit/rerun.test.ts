import { expect } from 'chai'
import { rerun } from '../../../node/audit/rerun.ts'
import { buildManifest } from '../../../node/engine/index.ts'
import { samplingOf } from '../../../node/engine/sampling.ts'
import { fingerprintOf } from '../../../sdk/protocol/fingerprint.ts'
import { type Opening, openedBase } from '../../../sdk/protocol/opening.ts'
import { Sampling } from '../../../sdk/protocol/pb/messages.js'
import { modelIdOf, type WorkReceipt } from '../../../sdk/protocol/typed-data.ts'
import { outputHash } from '../../../sdk/protocol/work.ts'
import { chat, job, MODEL, open, run } from '../engine/helpers.ts'

const hash = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`
const prompt = chat('My name is Ada. Tell me a story about a blue lamp.')
const request = {
  ...{ temperature: 1, topP: 0.95, topK: 0, minP: 0, repetitionPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
  ...{ logitBias: [], seed: 7n, logprobs: 0, stopIds: [], completionFrom: prompt.length, grammar: undefined }
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
  const receipt: WorkReceipt = {
    ...{ sessionId: opening.sessionId, leg: 0, seq: 0, client: `0x${'1'.repeat(40)}`, provider: `0x${'2'.repeat(40)}` },
    ...{ modelId: opening.modelId, from: 0, to: log.length, promptUnits: prompt.length, amount: 1n, kvHead: hash('0'), end: 1 },
    outputHash: outputHash(leg.salt, log),
    fingerprint: fingerprintOf(openedBase(opening, leg), prints)
  }
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
})

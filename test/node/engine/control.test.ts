import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { type Engine, EngineError, type Job } from '../../../node/engine/index.ts'
import { chat, END, greedy, job, longChat, open, run } from './helpers.ts'

describe('engine: control', () => {
  let engine: Engine
  before(async () => {
    engine = await open({ slots: 2 })
  })
  after(() => engine.close())
  beforeEach(() => {
    for (const key of ['a', 'b', 'c']) engine.drop(key)
  })

  const refused = (code: string, rest: Partial<Job>) =>
    expect(() => engine.start({ ...job([1, 2, 3], 5), ...rest }, () => expect.fail('an event')))
      .to.throw(EngineError)
      .with.property('code', code)

  it('refuses what it could not run', () => {
    refused('BAD_TOKEN_ID', { ids: [1, 264] })
    refused('BAD_TOKEN_ID', { ids: [1, -1] })
    refused('BAD_TOKEN_ID', { ids: [1, 1.5] })
    refused('BAD_TOKEN_ID', { sampling: { ...greedy, logitBias: [{ id: 999, bias: 1 }] } })
    refused('CONTEXT_TOO_LONG', { maxTo: 1025 })
    refused('BAD_JOB', { ids: [] })
    refused('BAD_JOB', { maxTo: 2 })
    refused('BAD_JOB', { from: 4 })
    refused('BAD_JOB', { sampling: { ...greedy, temperature: Number.NaN } })
    refused('BAD_JOB', { sampling: { ...greedy, repetitionPenalty: 0 } })
    refused('BAD_JOB', { sampling: { ...greedy, logprobs: 21 } })
    refused('BAD_JOB', { sampling: { ...greedy, seed: 1n << 64n } })
  })

  it('refuses a third job on two slots, and the key of a job that is active', async () => {
    const running = [run(engine, job(chat('one'), 200)), run(engine, job(chat('two'), 200, { key: 'b' }))]
    refused('NO_SLOT', { key: 'c' })
    refused('KEY_BUSY', { key: 'a' })
    expect(engine.stats()).to.include({ slots: 2, active: 2 })
    await Promise.all(running)
    expect((await run(engine, job(chat('three'), 3, { key: 'c' }))).ids).to.have.length(3)
  })

  it('ends at a stop id, which is the last position', async () => {
    const prompt = chat('Hello')
    const { ids, end } = await run(engine, job(prompt, 200, { stopIds: [END] }))
    expect(ids.at(-1)).to.equal(END)
    expect(ids.indexOf(END)).to.equal(ids.length - 1)
    expect(end).to.deep.equal({ kind: 'end', reason: 'stop', to: prompt.length + ids.length })
  })

  it('fills a context to its last position, and a cache without a word', async () => {
    const prompt = longChat(990)
    const full = await run(engine, job(prompt, 1024 - prompt.length))
    expect(full.end).to.include({ reason: 'length', to: 1024 })
    const silent = await run(engine, job(prompt, 0, { key: 'b' }))
    expect(silent.ids).to.deep.equal([])
    expect(silent.end).to.include({ reason: 'length', to: prompt.length })
  })

  it('reuses the KV of a finished job as far as the ids agree', async () => {
    const prompt = longChat(150)
    const first = await run(engine, job(prompt, 20))
    const log = [...prompt, ...first.ids]
    const next = [...log, ...chat('And then?')]
    const again = await run(engine, job(next, 30, { from: log.length }))
    // the last id of the answer had not been run yet
    expect(again.resume).to.deep.equal({ kind: 'resume', kept: log.length - 1, recomputed: 1, tier: 'parked' })
    engine.drop('a')
    const fresh = await run(engine, job(next, 30, { from: log.length }))
    expect(fresh.resume).to.deep.equal({ kind: 'resume', kept: 0, recomputed: log.length, tier: 'none' })
    expect(again.ids).to.deep.equal(fresh.ids)

    const other = [...log.slice(0, 100), ...chat('Something else')]
    expect((await run(engine, job(other, 5, { from: 100 }))).resume).to.include({ kept: 100, tier: 'parked' })
    expect((await run(engine, job(log, 5, { key: 'b', from: 0 }))).resume).to.include({ kept: 0, tier: 'none' })
  })

  it('can be cancelled at any step and goes on from there', async () => {
    const prompt = longChat(300)
    const whole = await run(engine, job(prompt, 80))
    for (const after of [-1, 0, 1, 2, 17, 50]) {
      engine.drop('a')
      let asked = false
      const cut = await run(engine, job(prompt, 80), (_, running, ids) => {
        if (asked || ids.length < after) return
        asked = true
        running.cancel()
      })
      expect(cut.end.reason).to.be.oneOf(['cancelled', 'length'])
      expect(cut.end.to).to.equal(prompt.length + cut.ids.length)
      const log = [...prompt, ...cut.ids]
      const rest = await run(
        engine,
        job(log, prompt.length + 80 - log.length, { from: log.length, completionFrom: prompt.length })
      )
      expect([...cut.ids, ...rest.ids]).to.deep.equal(whole.ids)
    }
  })

  it('runs nothing for a held job and leaves the others alone', async () => {
    const expected = (await run(engine, job(chat('Tell me a story.'), 150))).ids
    engine.drop('a')
    let heldAt = -1
    let release = () => {}
    let seen: number[] = []
    const held = run(engine, job(chat('Tell me a story.'), 150), (event, running, ids) => {
      seen = ids
      if (heldAt >= 0 || event.kind !== 'tokens') return
      heldAt = 0
      running.hold(true)
      release = () => running.hold(false)
    })
    let before = -1 // what was under way when it was held still comes
    while (before !== seen.length || heldAt < 0) {
      before = seen.length
      await sleep(200)
    }
    const other = await run(engine, job(chat('Hello'), 50, { key: 'b' }))
    expect(other.ids).to.have.length(50)
    expect(seen.length).to.equal(before).and.to.be.below(150)
    release()
    expect((await held).ids).to.deep.equal(expected)
  })

  it('paces each job', async () => {
    const paced = await open({ slots: 2, pace: 100 })
    try {
      const started = performance.now()
      const outcomes = await Promise.all(['a', 'b'].map((key) => run(paced, job(chat('Tell me a story.'), 21, { key }))))
      const took = performance.now() - started
      expect(outcomes.map(({ ids }) => ids.length)).to.deep.equal([21, 21])
      expect(took).to.be.within(195, 5000)
    } finally {
      await paced.close()
    }
  })

  it('ends what is active when it closes, and then refuses', async () => {
    const closing = await open({ slots: 1 })
    const active = run(closing, job(chat('Tell me a story.'), 900))
    await closing.close()
    expect((await active).end.reason).to.equal('cancelled')
    expect(() => closing.start(job([1], 1), () => undefined))
      .to.throw()
      .with.property('code', 'ENGINE_DOWN')
  })
})

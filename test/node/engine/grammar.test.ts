/** Answers that follow a schema: valid whatever is drawn, the same wherever they go on, and no schema can hurt another answer. */
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { codeOf, type SeamError } from 'openseam/protocol/errors'
import { GrammarKind } from 'openseam/protocol/grammar'
import { GRAMMAR_BYTES_MAX, GRAMMAR_DEPTH_MAX } from 'openseam/protocol/limits'
import { toolReader } from 'openseam/text/index'
import type { Engine, OpenGrammar } from '../../../node/engine/index.ts'
import { chat, END, greedy, job, open, run, sampled } from './helpers.ts'

const lamp = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 12 },
    colour: { enum: ['blue', 'red', 'green'] },
    watts: { type: 'integer', minimum: 1, maximum: 200 },
    owners: { type: 'array', items: { type: 'string', maxLength: 6 }, minItems: 1, maxItems: 3 },
    shelf: { type: 'object', properties: { row: { type: 'boolean' } }, required: ['row'], additionalProperties: false }
  },
  required: ['name', 'colour', 'watts', 'owners', 'shelf'],
  additionalProperties: false
}
const prompt = chat('Describe a lamp.')
const textOf = (ids: number[]): string => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(ids))

describe('engine: grammars', function () {
  this.timeout(60_000)
  let engine: Engine
  before(async () => {
    engine = await open({ slots: 3 })
  })
  after(() => engine.close())

  const opened = (schema: object, log: number[] = [], kind: number = GrammarKind.strictSchema): Promise<OpenGrammar> =>
    engine.openGrammar({ grammar: { kind, source: JSON.stringify(schema) }, stopIds: [END], log })

  const answer = async (schema: object, sampling = greedy, log: number[] = [], kind?: number) => {
    const grammar = await opened(schema, log, kind)
    const ids = [...prompt, ...log]
    const rest = { sampling, grammar, stopIds: [END], completionFrom: prompt.length, key: `k${Math.random()}` }
    const result = await run(engine, job(ids, 300, rest))
    return { reason: result.end.reason, ids: [...log, ...result.ids] }
  }

  it('are followed at any temperature, to the end', async () => {
    const valid = new Ajv().compile(lamp)
    for (const sampling of [
      greedy,
      sampled,
      { ...sampled, temperature: 2, topP: 1, seed: 1n },
      { ...sampled, temperature: 2, seed: 2n }
    ]) {
      const { ids, reason } = await answer(lamp, sampling)
      expect(reason).to.equal('stop')
      expect(ids.at(-1)).to.equal(END)
      const value = JSON.parse(textOf(ids.slice(0, -1))) as unknown
      expect(valid(value), JSON.stringify(value)).to.equal(true)
    }
  })

  it('go on from the ids so far as if nothing had happened', async () => {
    const whole = await answer(lamp, sampled)
    for (const at of [1, 9, 23, whole.ids.length - 2]) {
      const rest = await answer(lamp, sampled, whole.ids.slice(0, at))
      expect(rest.ids, `from ${at}`).to.deep.equal(whole.ids)
    }
  })

  it('leave a plain answer beside them as it is', async () => {
    const alone = await run(engine, job(chat('Hello'), 120, { key: 'alone', sampling: sampled }))
    const [beside] = await Promise.all([
      run(engine, job(chat('Hello'), 120, { key: 'beside', sampling: sampled })),
      answer(lamp, sampled)
    ])
    expect(beside.ids).to.deep.equal(alone.ids)
  })

  it('without `strict` an object is any object', async () => {
    const { ids, reason } = await answer(
      { type: 'object' },
      { ...greedy, logitBias: [{ id: 125, bias: 100 }] },
      [],
      GrammarKind.openSchema
    )
    expect(reason).to.equal('stop')
    expect(JSON.parse(textOf(ids.slice(0, -1)))).to.be.an('object')
  })

  it('of a call make the answer one call of one of the tools', async () => {
    const city = { type: 'string', maxLength: 8 }
    const parameters = { type: 'object', properties: { city: { $ref: '#/$defs/city' } }, required: ['city'], $defs: { city } }
    const source = {
      tools: [
        { name: 'look_up', parameters },
        { name: 'send', parameters: { ...parameters, properties: { city: { enum: ['Ghent', 'Oslo'] } } } }
      ]
    }
    for (const seed of [1n, 2n, 3n]) {
      const { ids, reason } = await answer(source, { ...sampled, temperature: 2, topP: 1, seed }, [], GrammarKind.call)
      expect(reason).to.equal('stop')
      const { text, calls } = toolReader(new Set(['look_up', 'send'])).push(textOf(ids.slice(0, -1)))
      expect([text, calls.length]).to.deep.equal(['', 1])
      expect(JSON.parse(calls[0]?.arguments ?? '')).to.have.property('city')
    }
  })

  const refusal = async (schema: object, log?: number[], kind?: number): Promise<string> => {
    const error = await opened(schema, log, kind).then(
      () => expect.fail('opened'),
      (thrown: unknown) => thrown
    )
    expect(codeOf(error)).to.equal('GRAMMAR_INVALID')
    return (error as SeamError).message
  }

  it('refuses a schema that means nothing, and says why in its own words', async () => {
    expect(await refusal({ type: 'secret-type' }))
      .to.include('a type')
      .and.not.include('secret')
    expect(await refusal({ $ref: '#/$defs/secret' }))
      .to.include('reference')
      .and.not.include('secret')
    expect(await refusal({ type: 'string', pattern: '(secret' }))
      .to.include('pattern')
      .and.not.include('secret')
    expect(await refusal({ $ref: 'https://example.org/x' })).to.include('$defs')
    expect(await refusal({ type: 'object' }, [], 77)).to.include('kind 77')
    expect(await refusal({ tools: [{ name: 'a b', parameters: {} }] }, [], GrammarKind.call)).to.include('name')
    expect(await refusal(lamp, [5])).to.include('does not follow')
    expect(await refusal({ description: 'x'.repeat(GRAMMAR_BYTES_MAX) })).to.include('bytes')
    let deep: object = {}
    for (let i = 0; i < GRAMMAR_DEPTH_MAX; i++) deep = { not: deep }
    expect(await refusal(deep)).to.include('nested')
  })

  it('a schema that would never be done is given up, and the answers beside it do not wait', async () => {
    const running = run(engine, job(chat('Tell me a story'), 400, { key: 'story' }))
    expect(await refusal({ type: 'string', pattern: '(((a|b){1,9999}){1,9999}){1,9999}' })).to.match(/too long|memory|turned/)
    expect((await running).ids.length).to.be.above(0)
  })

  it('several open at once, and no more than there are slots', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => opened(lamp)))
    const open = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(new Set(open.map(({ shared }) => shared)).size).to.equal(3)
    for (const grammar of open) grammar.close()
  })

  it('keeps no thread for a schema that was refused', async () => {
    for (let i = 0; i < 5; i++) await refusal({ type: 'nothing' })
    const grammar = await opened(lamp)
    grammar.close()
    grammar.close()
    expect((await answer(lamp)).reason).to.equal('stop')
  })
})

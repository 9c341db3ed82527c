import { expect } from 'chai'
import { decodePrint, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { engineDefaults } from '../../../node/engine/defaults.ts'
import { Meter } from '../../../node/engine/meter.ts'
import { Outbox } from '../../../node/engine/outbox.ts'
import type { EngineEvent } from '../../../node/engine/types.ts'

describe('engine: outbox', () => {
  let sent: [number, EngineEvent][][]
  let outbox: Outbox
  beforeEach(() => {
    sent = []
    outbox = new Outbox((events) => sent.push(events))
  })

  it('sends the first token at once and gathers the later ones', () => {
    outbox.token(1, 10, 7, true, 0)
    outbox.flush(0)
    const { flushMs } = engineDefaults
    for (let i = 1; i <= 4; i++) {
      outbox.token(1, 10 + i, i, false, 1)
      outbox.flush(i === 4 ? 1 + flushMs : flushMs)
    }
    outbox.token(1, 15, 5, false, 2 + flushMs)
    outbox.flush(3 + flushMs)
    expect(sent).to.deep.equal([
      [[1, { kind: 'tokens', from: 10, ids: [7] }]],
      [[1, { kind: 'tokens', from: 11, ids: [1, 2, 3, 4] }]]
    ])
    outbox.flush(3 + flushMs, true)
    expect(sent[2]).to.deep.equal([[1, { kind: 'tokens', from: 15, ids: [5] }]])
  })

  it('sends a full message before its time', () => {
    for (let i = 0; i < engineDefaults.flushTokens; i++) outbox.token(1, i, i, false, 0)
    outbox.flush(0)
    expect(sent).to.have.length(1)
  })

  it('has an entry for each id of a job that wants them, up to a full message, and none for another', () => {
    const row = (top: number): Float32Array => Float32Array.of(top, top - 1, top - 2, top - 3)
    for (let i = 0; i < engineDefaults.flushTokens; i++) {
      outbox.token(1, i, i, false, 0, undefined, row(i))
      if (i < 2) outbox.token(2, i, i, false, 0)
    }
    outbox.flush(0)
    const [[, printed], [, plain]] = sent[0] as [[number, EngineEvent], [number, EngineEvent]]
    if (printed.kind !== 'tokens' || plain.kind !== 'tokens') throw new Error('tokens were sent')
    expect(plain.prints).to.equal(undefined)
    expect(printed.prints).to.have.length(engineDefaults.flushTokens * PRINT_BYTES)
    for (let i = 0; i < engineDefaults.flushTokens; i++)
      expect(decodePrint(printed.prints as Uint8Array, i * PRINT_BYTES)).to.deep.equal([i * 1024, 1024, 2048, 3072])
  })

  it('keeps the order of events within a job', () => {
    outbox.token(1, 5, 50, false, 0)
    outbox.token(2, 8, 80, false, 0)
    outbox.push(1, { kind: 'prefill', done: 1, total: 2 })
    outbox.token(1, 6, 60, false, 0)
    outbox.push(1, { kind: 'end', reason: 'stop', to: 7 })
    outbox.flush(0)
    const kinds = sent[0]!.filter(([job]) => job === 1).map(([, event]) => event.kind)
    expect(kinds).to.deep.equal(['tokens', 'prefill', 'tokens', 'end'])
  })

  it('sends a block with the tokens that filled it and those that came before their message was due', () => {
    outbox.token(1, 31, 50, false, 0)
    outbox.push(1, { kind: 'block', index: 0, bytes: new Uint8Array(4) })
    outbox.flush(0)
    outbox.token(1, 32, 60, false, 1)
    outbox.flush(1)
    expect(sent).to.have.length(0)
    outbox.flush(engineDefaults.flushMs)
    const [first, second] = sent.flat().map(([, event]) => event)
    expect(first).to.deep.equal({ kind: 'tokens', from: 31, ids: [50, 60] })
    expect(second?.kind).to.equal('block')
  })

  it('does not let a block wait that no tokens stand before', () => {
    outbox.push(1, { kind: 'block', index: 0, bytes: new Uint8Array(4) })
    outbox.flush(0)
    expect(sent).to.have.length(1)
  })

  it('measures a rate over the time spent', () => {
    const meter = new Meter()
    expect(meter.perSecond).to.equal(0)
    for (let i = 0; i < 100; i++) meter.add(2, 10)
    expect(meter.perSecond).to.be.closeTo(200, 1e-6)
    for (let i = 0; i < 2000; i++) meter.add(1, 10)
    expect(meter.perSecond).to.be.closeTo(100, 1)
  })
})

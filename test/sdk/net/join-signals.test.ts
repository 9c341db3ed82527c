import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { joinSignals } from '../../../sdk/net/join-signals.ts'

describe('joined signals', () => {
  it('abort with the first of their sources, and for its reason', () => {
    const [a, b] = [new AbortController(), new AbortController()]
    const joined = joinSignals(a.signal, undefined, b.signal)
    expect(joined.signal.aborted).to.equal(false)
    b.abort('b')
    a.abort('a')
    expect([joined.signal.aborted, joined.signal.reason]).to.deep.equal([true, 'b'])
    expect(joinSignals(a.signal).signal.reason).to.equal('a')
  })

  it('abort alone', () => {
    const source = new AbortController()
    const joined = joinSignals(source.signal)
    joined.abort('late')
    expect([joined.signal.reason, source.signal.aborted]).to.deep.equal(['late', false])
  })

  it('leave nothing on a source that outlives them, whoever still listens to them', () => {
    const source = new AbortController()
    const joined = joinSignals(source.signal)
    let heard = 0
    joined.signal.addEventListener('abort', () => heard++)
    expect(getEventListeners(source.signal, 'abort')).to.have.length(1)
    joined.release()
    expect(getEventListeners(source.signal, 'abort')).to.have.length(0)
    source.abort()
    expect(heard).to.equal(0)
  })
})

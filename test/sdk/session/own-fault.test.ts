import { expect } from 'chai'
import { type PeerKey, silentLog } from 'openseam/components'
import { OWN_FAULT_WINDOW_MS } from 'openseam/protocol/limits'
import { OwnFault } from 'openseam/session/own-fault'
import { TestClock } from './support.ts'

describe('whose fault a lost stream is', () => {
  const made = (answers: boolean[]) => {
    const clock = new TestClock()
    const dialled: string[] = []
    const dial = (peer: string): Promise<void> => {
      dialled.push(peer)
      return answers.shift() === true ? Promise.resolve() : Promise.reject(new Error('no answer'))
    }
    return { fault: new OwnFault({ dial, clock, log: silentLog }), clock, dialled }
  }
  const lost = (peer: PeerKey) => ({ peer, connected: false })

  it('the peer’s, when it alone was lost: it is not dialled again', async () => {
    const { fault, dialled } = made([true])
    fault.saw(lost('0x01'))
    expect(await fault.explains('0x01')).to.equal(false)
    expect(dialled).to.deep.equal([])
  })

  it('ours, when others were lost with it and it answers the first or the second call', async () => {
    for (const answers of [[true], [false, true]]) {
      const { fault, dialled } = made([...answers])
      fault.saw(lost('0x01'))
      fault.saw(lost('0x02'))
      expect(await fault.explains('0x01')).to.equal(true)
      expect(dialled).to.have.length(answers.length)
    }
  })

  it('the peer’s, when it does not answer, the others are back, or were lost long ago', async () => {
    const silent = made([false, false, true])
    silent.fault.saw(lost('0x02'))
    expect(await silent.fault.explains('0x01')).to.equal(false)

    const back = made([true])
    back.fault.saw(lost('0x02'))
    back.fault.saw({ peer: '0x02', connected: true })
    expect(await back.fault.explains('0x01')).to.equal(false)

    const old = made([true])
    old.fault.saw(lost('0x02'))
    await old.clock.advance(OWN_FAULT_WINDOW_MS + 1)
    expect(await old.fault.explains('0x01')).to.equal(false)
  })
})

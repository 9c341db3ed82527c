import { expect } from 'chai'
import { PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { openingText, readOpening } from 'openseam/protocol/opening'
import { openingOf } from 'openseam/session/opening'
import { opened, PROMPT, play, STOP, tokens } from './playing.ts'

describe('the opening of a turn', () => {
  it('has what the receipts hash: ids, entries, sampling, and each leg that was served with its salt', async () => {
    const prints = Uint8Array.from({ length: 4 * PRINT_BYTES }, (_, i) => i)
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11], 'none', prints.slice(0, 2 * PRINT_BYTES)))
        await line.close()
      },
      (line) => line.send({ refused: { code: 'NO_SLOT', message: 'all slots are taken', amount: new Uint8Array(0) } }),
      async (line) => {
        await line.send(opened)
        await line.send(tokens(6, [12, STOP], 'warm', prints.slice(2 * PRINT_BYTES)))
      }
    ])
    await turn.running
    const opening = openingOf(turn.session)
    expect(opening.ids).to.deep.equal([...PROMPT, 10, 11, 12, STOP])
    expect(Buffer.from(opening.prints)).to.deep.equal(Buffer.from(prints))
    expect(opening.legs).to.deep.equal([
      { leg: 0, from: 0, salt: turn.session.salt(0) },
      { leg: 2, from: 6, salt: turn.session.salt(2) }
    ])
    expect(readOpening(openingText(opening))).to.deep.equal(opening)
  })
})

import { expect } from 'chai'
import { comparePrints, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { printRow } from '../../../node/engine/fingerprint.ts'
import { Replay } from '../../../node/engine/replay.ts'
import { chat, job, MODEL, open, run, sampled } from './helpers.ts'

const prompt = chat('Tell me of the sea.')

describe('running a log again', function () {
  this.timeout(60_000)

  it('shows the row behind each id, whichever part of the log is asked for', async () => {
    const engine = await open({ slots: 1 })
    const { ids, events } = await run(engine, job(prompt, 300, { sampling: sampled, fingerprint: true })).finally(() =>
      engine.close()
    )
    const said = Buffer.concat(events.flatMap((event) => (event.kind === 'tokens' && event.prints ? [event.prints] : [])))
    expect(said).to.have.length(ids.length * PRINT_BYTES)
    const log = [...prompt, ...ids]
    const replay = new Replay({ modelDir: MODEL })
    try {
      for (const from of [prompt.length, prompt.length + 250]) {
        const found = new Uint8Array((log.length - from) * PRINT_BYTES)
        const seen: number[] = []
        await replay.run(log, from, log.length, (position, row) => {
          seen.push(position)
          printRow(row, found, (position - from) * PRINT_BYTES)
        })
        expect([seen[0], seen.at(-1), seen.length]).to.deep.equal([from, log.length - 1, log.length - from])
        const compared = comparePrints(said.subarray((from - prompt.length) * PRINT_BYTES), found)
        expect([compared.compared, compared.max <= 4], `${compared.max} steps`).to.deep.equal([log.length - from, true])
      }
    } finally {
      replay.close()
    }
  })

  it('refuses a log that the model could not have', async () => {
    const replay = new Replay({ modelDir: MODEL, positions: 64 })
    const codeOf = (ids: number[]): Promise<string> =>
      replay
        .run(ids, 1, ids.length, () => undefined)
        .then(
          () => 'none',
          (error: { code: string }) => error.code
        )
    try {
      expect(await codeOf(new Array(65).fill(1))).to.equal('CONTEXT_TOO_LONG')
      expect(await codeOf([1, replay.vocabSize])).to.equal('BAD_TOKEN_ID')
      expect(await codeOf([1, -1])).to.equal('BAD_TOKEN_ID')
      expect(await codeOf([1, 2])).to.equal('none')
    } finally {
      replay.close()
    }
  })
})

import { expect } from 'chai'
import type { Fault } from '../../scripts/bench/market.ts'
import { runTrial, type TrialMarket, type TrialPlan, undisturbed } from '../../scripts/bench/trial.ts'
import type { LegSummary, Turn, TurnEvent } from '../../sdk/session/types.ts'

const plan: TrialPlan = { ids: [1, 2, 3], sampling: {}, tier: 'warm', fault: 'kill', faultAt: 2, phase: 0, maxTokens: 8 }
const expected = [10, 11, 12, 13, 14, 15, 16, 17]

const token = (index: number, leg: number, id = 10 + index): TurnEvent => ({
  kind: 'token',
  index,
  id,
  text: '',
  provider: `peer${leg}`,
  leg
})
const finish: TurnEvent = { kind: 'finish', reason: 'length', text: '' }
const leg = (number: number, from: number, to: number, kept = 0, recomputed = 0): LegSummary => ({
  leg: number,
  provider: `peer${number}`,
  account: '0x1',
  from,
  to,
  resumed: number === 0 ? 'none' : 'warm',
  kept,
  recomputed,
  exact: true,
  gapMs: 0,
  end: 'finished',
  price: { prompt: 1n, completion: 1n },
  amount: 0n,
  receipts: []
})

/** A market that plays these batches, and notes what is done to it. */
const playing = (batches: TurnEvent[][], legs: LegSummary[]): { market: TrialMarket; done: string[] } => {
  const done: string[] = []
  const turn = {
    session: 's',
    cancel: () => undefined,
    summary: () => ({ legs }),
    async *[Symbol.asyncIterator]() {
      for (const batch of batches) {
        yield batch
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }
  } as unknown as Turn
  const market: TrialMarket = {
    chat: (request) => {
      done.push(`chat ${request.successors}`)
      return Promise.resolve(turn)
    },
    strike: (peer: string, fault: Fault) => void done.push(`${fault} ${peer}`),
    clearAway: (peer: string) => Promise.resolve(void done.push(`clear ${peer}`))
  }
  return { market, done }
}

const failure = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: Error) => error.message
  )

describe('bench: one takeover trial', () => {
  const legs = [leg(0, 0, 4), leg(1, 4, 8, 32, 7)]

  it('strikes once, at the token it was told, and measures from the last token before to the first after', async () => {
    const { market, done } = playing(
      [[0, 1, 2].map((i) => token(i, 0)), [token(3, 0)], [4, 5, 6, 7].map((i) => token(i, 1)), [finish]],
      legs
    )
    const trial = await runTrial(market, plan, expected)
    expect(done).to.deep.equal(['chat 1', 'kill peer0', 'clear peer0'])
    expect(trial).to.deep.include({ lost: 0, duplicated: 0, mismatched: 0, kept: 32, recomputed: 7, resumed: 'warm' })
    expect(trial.gapMs).to.be.above(0)
  })

  it('asks for no successor in a prefill trial', async () => {
    const { market, done } = playing([[0, 1, 2, 3].map((i) => token(i, 0)), [4, 5, 6, 7].map((i) => token(i, 1)), [finish]], legs)
    await runTrial(market, { ...plan, tier: 'prefill' }, expected)
    expect(done[0]).to.equal('chat 0')
  })

  it('counts what is lost, doubled and different', async () => {
    const broken = [[0, 1, 2, 3].map((i) => token(i, 0)), [token(3, 1), token(4, 1, 99), token(6, 1), token(7, 1)], [finish]]
    const { market } = playing(broken, legs)
    expect(await runTrial(market, plan, expected)).to.deep.include({ lost: 1, duplicated: 1, mismatched: 1 })
  })

  it('fails when no takeover happened, when the session moved by itself, and when the answer did not end', async () => {
    const whole = [...expected.keys()].map((i) => token(i, 0))
    const calm = playing([whole, [finish]], [leg(0, 0, 8)])
    expect(await failure(runTrial(calm.market, plan, expected))).to.include('before the fault took hold')
    expect(calm.done).to.include('clear peer0')
    const early = playing([[token(0, 0)], [token(1, 1)], [finish]], legs)
    expect(await failure(runTrial(early.market, plan, expected))).to.include('moved before the fault')
    const cut = playing([[0, 1, 2, 3].map((i) => token(i, 0)), [token(4, 1)], [{ ...finish, reason: 'cancelled' }]], legs)
    expect(await failure(runTrial(cut.market, plan, expected))).to.include('ended with cancelled after 5 of 8')
  })

  it('an undisturbed answer must be whole and from one provider', async () => {
    const whole = [...expected.keys()].map((i) => token(i, 0))
    expect(await undisturbed(playing([whole, [finish]], [leg(0, 0, 8)]).market, plan)).to.deep.equal(expected)
    expect(await failure(undisturbed(playing([whole, [finish]], legs).market, plan))).to.include('from 2 providers')
    expect(await failure(undisturbed(playing([whole.slice(1), [finish]], [leg(0, 0, 8)]).market, plan))).to.include('7 tokens')
  })
})

/** The page's state: whose text is whose, what the conversation costs, and what the next question brings along. */
import { expect } from 'chai'
import type { Part } from '../../../../node/gateway/web/api.ts'
import {
  billOf,
  type Exchange,
  earnedBy,
  isRunning,
  messagesOf,
  type Step,
  sessionToContinue,
  step,
  textOf
} from '../../../../node/gateway/web/conversation.ts'
import type { Leg, SessionView, TurnView } from '../../../../node/gateway/web/wire.ts'
import { P1, P2 } from '../fake-client.ts'

const WEI = 2n ** 60n + 1n // not a double
const run = (...steps: Step[]): readonly Exchange[] => steps.reduce(step, [] as readonly Exchange[])
const text = (words: string, index: number, leg = 0, from?: string): Part => ({
  kind: 'text',
  text: words,
  place: {
    index,
    provider: leg === 0 ? P1 : P2,
    leg,
    ...(from !== undefined && { switch: { from, to: P2, reason: 'died', resumed: 'warm', kept: 2, recomputed: 1, gapMs: 38 } })
  }
})
const leg = (number: number, from: number, to: number, amount: bigint): Leg => ({
  leg: number,
  provider: number === 0 ? P1 : P2,
  account: '0x00000000000000000000000000000000000000aa',
  from,
  to,
  resumed: 'none',
  kept: 0,
  recomputed: 0,
  exact: true,
  gapMs: 0,
  end: 'finished',
  price: { prompt: '1', completion: '1' },
  amount: amount.toString(),
  receipts: []
})
const account = (session: string, ...legs: Leg[]): TurnView => ({
  session,
  chainSession: '0xab',
  promptTokens: 3,
  legs,
  amount: legs.reduce((sum, { amount }) => sum + BigInt(amount), 0n).toString(),
  receipts: []
})
const view = (session: string, running: boolean, ...legs: Leg[]): SessionView => ({
  ...account(session, ...legs),
  model: 'm',
  running,
  finish: null,
  successors: [{ provider: P2, blocks: 3 }]
})
const opened: Part = { kind: 'opened', session: 'h1' }

describe('the conversation of the page', () => {
  it('gives each provider its own text, and what was held back to who wrote last', () => {
    const [exchange] = run(
      { kind: 'ask', question: 'Hi' },
      opened,
      text('One ', 0),
      text('two ', 1),
      text('three', 2, 1, P1),
      { kind: 'text', text: '.', place: undefined },
      { kind: 'finish', reason: 'stop' }
    )
    expect(exchange?.spans.map(({ provider, text: words, moved }) => [provider, words, moved?.from])).to.deep.equal([
      [P1, 'One two ', undefined],
      [P2, 'three.', P1]
    ])
    expect([exchange?.tokens, exchange?.phase, textOf(exchange as Exchange)]).to.deep.equal([3, 'writing', 'One two three.'])
  })

  it('counts to the wei, while an answer runs and over all of them', () => {
    const first: Step[] = [
      { kind: 'ask', question: 'a' },
      opened,
      text('x', 0),
      { kind: 'view', view: view('h1', true, leg(0, 0, 1, WEI)) }
    ]
    const running = run(...first)
    expect([billOf(running), running[0]?.successors.length]).to.deep.equal([WEI, 1])
    const over = run(
      ...first,
      { kind: 'account', account: account('h1', leg(0, 0, 1, WEI), leg(1, 1, 1, 0n), leg(2, 1, 4, 5n)) },
      { kind: 'view', view: view('h1', true) }, // sent before the end, heard after it
      { kind: 'ask', question: 'b' },
      { kind: 'view', view: view('h1', true, leg(0, 0, 9, 7n)) } // of another session
    )
    expect(billOf(over)).to.equal(WEI + 5n)
    expect([...earnedBy(over)]).to.deep.equal([
      [P1, { tokens: 1, amount: WEI }],
      [P2, { tokens: 3, amount: 5n }]
    ])
    expect(run(...first, { kind: 'clear' })).to.deep.equal([])
  })

  it('goes on only with a session that was heard to its end', () => {
    const done = run({ kind: 'ask', question: 'a' }, opened, text('x', 0), { kind: 'account', account: account('h1') })
    expect(sessionToContinue(done)).to.equal('h1')
    const stopped = run({ kind: 'ask', question: 'a' }, opened, text('x', 0), { kind: 'stopped' })
    expect([sessionToContinue(stopped), stopped.some(isRunning)]).to.deep.equal([undefined, false])
    expect(messagesOf(stopped)).to.deep.equal([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'x' }
    ])
    // A stopped answer's last leg is closed a moment later: that is still its bill.
    expect(billOf(step(stopped, { kind: 'view', view: view('h1', false, leg(0, 0, 1, 9n)) }))).to.equal(9n)
  })

  it('leaves out what failed, and steps without a question change nothing', () => {
    const problem = { code: 'NO_PROVIDER', message: 'nobody', excluded: [] }
    const failed = run({ kind: 'ask', question: 'a' }, { kind: 'failed', problem }, { kind: 'ask', question: 'b' })
    expect([messagesOf(failed).length, sessionToContinue(failed), failed[0]?.problem]).to.deep.equal([0, undefined, problem])
    expect(run(opened, text('x', 0))).to.deep.equal([])
  })
})

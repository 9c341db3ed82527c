/** Spend caps: what they let through, to the wei, and what a crash may not forget. */
import { expect } from 'chai'
import fc from 'fast-check'
import { memoryStore, type Store } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { EndReason } from 'openseam/protocol/typed-data'
import { affordableTo, Spending } from 'openseam/session/spending'
import { sharedMemoryStore } from '../../node/lib/shared-memory-store.ts'
import { opened, PROMPT, play, type Script, STOP, tokens } from './playing.ts'
import { TestClock } from './support.ts'

const DAY_MS = 86_400_000
const PROMPT_WEI = BigInt(PROMPT.length) * 3n // prices of the players: 3 wei a prompt position, 7 a completion position

/** One frame of ten tokens, and then the model's own stop. */
const eleven: Script = async (line) => {
  await line.send(opened)
  await line.send(tokens(4, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]))
  await line.send(tokens(14, [STOP]))
}

const load = async (store: Store, clock: TestClock, caps = {}): Promise<Spending> => {
  const spending = new Spending(caps, store, clock)
  await spending.load()
  return spending
}

describe('spend caps', () => {
  it('never pay for more than is left, and never refuse what is', () => {
    const wei = fc.bigInt({ min: 0n, max: 1_000n })
    const at = fc.record({ accepted: fc.nat(50), more: fc.nat(50), room: fc.integer({ min: 1, max: 50 }) })
    fc.assert(
      fc.property(wei, wei, wei, at, (left, promptWei, completionWei, { accepted, more, room }) => {
        const promptTo = accepted + more
        const place = { accepted, promptTo, maxTo: promptTo + room }
        const cost = (to: number): bigint => BigInt(more) * promptWei + BigInt(to - promptTo) * completionWei
        const to = affordableTo(left, { promptWei, completionWei }, place)
        if (to === null) expect(cost(promptTo + 1) > left).to.equal(true)
        else {
          expect(cost(to) <= left).to.equal(true)
          expect(to === place.maxTo || cost(to + 1) > left).to.equal(true)
        }
      })
    )
  })

  it('end an answer where the money ends, tell why, and pay exactly that', async () => {
    const turn = await play([eleven], 100, { perSession: PROMPT_WEI + 3n * 7n + 6n })
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(turn.events.filter(({ kind }) => kind === 'token')).to.have.length(3)
    expect(turn.events.at(-1)).to.include({ kind: 'finish', reason: 'length' })
    expect(turn.events.at(-2)).to.include({ kind: 'warning', code: 'SPEND_CAP' })
    expect(turn.opens[0]?.leg?.maxTo).to.equal(7) // the provider knows from the start
    const paid = (await turn.receipts('p0')).reduce((sum, { amount }) => sum + amount, 0n)
    expect(paid).to.equal(PROMPT_WEI + 3n * 7n)
    expect(turn.spending.today).to.equal(paid)
  })

  it('refuse a request that they cannot pay one token of, before anybody hears of it', async () => {
    const turn = await play([eleven], 100, { perDay: PROMPT_WEI + 6n })
    await turn.running
    expect(await turn.failed).to.equal('SPEND_CAP')
    expect(turn.opens).to.deep.equal([])
  })

  it('count what another session of the wallet spends meanwhile', async () => {
    const turn = await play(
      [
        async (line) => {
          await line.send(opened)
          await line.send(tokens(4, [10]))
          while (turn.record.accepted < 5) await new Promise((resolve) => setImmediate(resolve))
          turn.spending.accept(50n) // leaves 2 tokens
          await line.send(tokens(5, [11, 12, 13]))
        }
      ],
      100,
      { perDay: PROMPT_WEI + 7n + 50n + 14n }
    )
    await turn.running
    expect(turn.events.filter(({ kind }) => kind === 'token')).to.have.length(3)
    expect(turn.record.legs[0]).to.include({ to: 7, end: EndReason.cancelled }) // its peer was promised more
    expect(turn.spending.today).to.equal(PROMPT_WEI + 3n * 7n + 50n)
  })

  it('hold over a takeover: the second leg gets what the first one left', async () => {
    const dies: Script = async (line) => {
      await line.send(opened)
      await line.send(tokens(4, [10, 11]))
      await line.close()
    }
    const goesOn: Script = async (line) => {
      await line.send(opened)
      await line.send(tokens(6, [12, 13, 14, 15]))
    }
    const turn = await play([dies, goesOn], 100, { perSession: PROMPT_WEI + 4n * 7n })
    await turn.running
    expect(turn.record.legs.map(({ open, to }) => [open.from, to, open.maxTo])).to.deep.equal([
      [0, 6, 8],
      [6, 8, 8]
    ])
    expect(turn.spending.today).to.equal(PROMPT_WEI + 4n * 7n)
  })

  it('of one request hold beside the others, over a takeover too, and whichever is less decides', async () => {
    const dies: Script = async (line) => {
      await line.send(opened)
      await line.send(tokens(4, [10, 11]))
      await line.close()
    }
    const goesOn: Script = async (line) => {
      await line.send(opened)
      await line.send(tokens(6, [12, 13, 14, 15]))
    }
    const budget = PROMPT_WEI + 3n * 7n + 6n
    for (const caps of [{}, { perDay: 10n ** 6n }]) {
      const turn = await play([dies, goesOn], 100, caps, memoryStore(), [], budget)
      await turn.running
      expect(turn.record.legs.map(({ to }) => to)).to.deep.equal([6, 7])
      expect(turn.events.filter((event) => event.kind === 'warning' && event.code === 'SPEND_CAP')).to.have.length(1)
      expect(turn.spending.today).to.equal(PROMPT_WEI + 3n * 7n)
    }
    const capped = await play([eleven], 100, { perDay: PROMPT_WEI + 7n }, memoryStore(), [], budget)
    await capped.running
    expect(capped.spending.today).to.equal(PROMPT_WEI + 7n)
  })

  it('of one request refuse what they cannot pay one token of', async () => {
    const turn = await play([eleven], 100, {}, memoryStore(), [], PROMPT_WEI + 6n)
    await turn.running
    expect(await turn.failed).to.equal('SPEND_CAP')
    expect(turn.opens).to.deep.equal([])
  })

  it('know after a crash what the day has cost, and forget it at midnight UTC', async () => {
    const store = memoryStore()
    const turn = await play([eleven], 100, {}, store)
    await turn.running
    const paid = PROMPT_WEI + 11n * 7n
    const clock = new TestClock()
    expect((await load(store, clock)).today).to.equal(paid)
    const next = await load(store, clock, { perDay: paid + 1n })
    expect(next.left(0n)).to.equal(1n)
    await clock.advance(DAY_MS)
    expect(next.left(0n)).to.equal(paid + 1n)
    expect((await load(store, clock)).today).to.equal(0n)
  })

  it('are explained with the amounts', async () => {
    const spending = await load(memoryStore(), new TestClock(), { perSession: 5n, perDay: 100n })
    const refusal = spending.refusal(4n)
    expect(codeOf(refusal)).to.equal('SPEND_CAP')
    expect(refusal.detail).to.deep.equal({ cap: 'session', capWei: '5', spentWei: '4' })
  })

  it('every payment is told once, after it is stored; the plaintext warning comes before the text leaves', async () => {
    const turn = await play([eleven])
    await turn.running
    const kinds = turn.events.map(({ kind }) => kind)
    expect(kinds[0]).to.equal('warning')
    const paid = turn.events.flatMap((event) => (event.kind === 'payment' ? [event.amount] : []))
    expect(paid.reduce((sum, wei) => sum + wei, 0n)).to.equal(PROMPT_WEI + 11n * 7n)
    expect(turn.events.filter(({ kind }) => kind === 'warning')).to.have.length(1)
  })

  it('hold over all clients of a wallet that share a store', async () => {
    const store = sharedMemoryStore()
    const clock = new TestClock()
    const mine = await load(store, clock, { perDay: 100n })
    const other = await load(store, clock, { perDay: 100n })
    const pay = async (spending: Spending, wei: bigint): Promise<void> => {
      spending.accept(wei)
      await store.batch(spending.acknowledge(wei))
    }
    await pay(mine, 30n)
    await pay(other, 20n)
    expect([mine.today, other.today]).to.deep.equal([30n, 50n])
    await mine.load()
    expect(mine.today).to.equal(50n)
    await pay(mine, 10n)
    expect(mine.left(0n)).to.equal(40n)
    expect((await load(store, clock)).today).to.equal(60n)
    await clock.advance(DAY_MS)
    await mine.load()
    expect(mine.today).to.equal(0n)
  })
})

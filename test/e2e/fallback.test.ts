/**
 * When the sealed copy of a session is not what it should be, the token log is computed again: slower, never another text.
 * The providers run in this process, so that a test can reach a successor's disk at the right moment.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Connection } from 'openseam/connect'
import { CELL_BYTES } from 'openseam/protocol/limits'
import type { ChatRequest, Turn } from 'openseam/session/types'
import { expectExactBooks } from './lib/books.ts'
import type { Answer } from './lib/http.ts'
import { expectSame, expectTiled, served } from './lib/legs.ts'
import { LocalMarket, type LocalProvider } from './lib/local-market.ts'
import { MODEL, stopId, user } from './lib/market.ts'
import { talk } from './lib/talk.ts'
import { until } from './lib/until.ts'

const KILL_AT = 80
const BLOCKS = 3

const request: ChatRequest = {
  model: MODEL,
  messages: [user('My name is Ada. Tell me a long story about a blue lamp.')],
  sampling: { temperature: 0.8, seed: 7n, logitBias: [{ id: stopId, bias: -100 }] },
  maxTokens: 260
}

describe('a takeover without a good copy', () => {
  const market = new LocalMarket()
  const told: Answer[] = []
  let connection: Connection
  let calm: Answer
  before(async () => {
    await market.start(3)
    connection = await market.connect()
    calm = await ask(request)
    expect(served(calm)).to.have.length(1)
  })
  afterEach(async () => {
    await market.reviveAll()
    // Not the offers of those that died: the new ones, with the addresses where they are now.
    const addresses = market.bootstrap()
    await until('all offers', () => {
      const offered = new Set(connection.directory.offers().flatMap((offer) => offer.multiaddrs))
      return addresses.every((address) => offered.has(address.replace(/\/p2p\/.*/, '')) || offered.has(address))
    })
  })
  after(() => market.stop())

  const ask = async (body: ChatRequest, onToken?: Parameters<typeof talk>[2]): Promise<Answer> => {
    const answer = await talk(connection.client, body, onToken)
    expectTiled(answer)
    told.push(answer)
    return answer
  }

  /** The answer while `disturb` is done to it once, with a successor that holds a few blocks. */
  const disturbed = async (disturb: (serving: LocalProvider, successor: LocalProvider) => Promise<void>): Promise<Answer> => {
    let done = false
    return ask(request, async ({ index, provider }, turn) => {
      if (done || index < KILL_AT) return
      done = true
      const successor = await replicated(turn)
      await disturb(market.at(provider), market.at(successor))
    })
  }

  const replicated = (turn: Turn): Promise<string> =>
    until('blocks at a successor', () => turn.summary().successors.find((row) => row.blocks >= BLOCKS)?.provider)

  it('one byte is flipped in the first stored block: all is computed again', async () => {
    const answer = await disturbed(async (serving, successor) => {
      flipByte(storedFile(successor), 1_000)
      await market.kill(serving)
    })
    expectSame(answer, calm)
    const [, heir] = served(answer)
    expect(heir?.resumed).to.equal('prefill')
    expect(heir?.kept).to.equal(0)
  })

  it('one byte is flipped in the second stored block: none of the store is believed', async () => {
    const answer = await disturbed(async (serving, successor) => {
      flipByte(storedFile(successor), CELL_BYTES + 1_000)
      await market.kill(serving)
    })
    expectSame(answer, calm)
    const [, heir] = served(answer)
    expect(heir?.resumed).to.equal('prefill')
    expect(heir?.kept).to.equal(0)
  })

  it('the successor’s file is emptied: all is computed again', async () => {
    const answer = await disturbed(async (serving, successor) => {
      truncateSync(storedFile(successor), 0)
      await market.kill(serving)
    })
    expectSame(answer, calm)
    expect(served(answer)[1]?.resumed).to.equal('prefill')
  })

  it('the successor has forgotten the grant: all is computed again', async () => {
    let forgetful: LocalProvider | undefined
    const answer = await disturbed(async (serving, successor) => {
      forgetful = successor
      await successor.up?.standby.close()
      expect(readdirSync(join(successor.home, 'standby'))).to.deep.equal([])
      await market.kill(serving)
    })
    expectSame(answer, calm)
    const [, heir] = served(answer)
    expect(heir?.account).to.equal(forgetful?.account)
    expect(heir?.resumed).to.equal('prefill')
    await market.kill(forgetful as LocalProvider) // its store is closed: a new run opens it
  })

  it('a session without successors resumes all the same', async () => {
    let killed = false
    const answer = await ask({ ...request, successors: 0 }, async ({ index, provider }, turn) => {
      if (killed || index < KILL_AT) return
      killed = true
      expect(turn.summary().successors).to.deep.equal([])
      await market.kill(market.at(provider))
    })
    expectSame(answer, calm)
    expect(served(answer).map((leg) => leg.resumed)).to.deep.equal(['none', 'prefill'])
  })

  it('the successor dies as it takes over: the third one finishes', async () => {
    const answer = await disturbed(async (serving, successor) => {
      const { sessions } = successor.up as NonNullable<LocalProvider['up']>
      sessions.serve = () => market.kill(successor) // with the opening frame on its way
      await market.kill(serving)
    })
    expectSame(answer, calm)
    const { legs } = answer.result
    expect(new Set(legs.map((leg) => leg.provider)).size).to.equal(3)
    expect(served(answer)).to.have.length(2)
    expect(legs.at(-1)?.end).to.equal('finished')
  })

  it('serving provider and successor die together: the third one finishes', async () => {
    const answer = await disturbed(async (serving, successor) => {
      await Promise.all([market.kill(serving), market.kill(successor)])
    })
    expectSame(answer, calm)
    expect(served(answer).at(-1)?.resumed).to.equal('prefill')
  })

  it('the successor dies early: another one is found in time', async () => {
    const killed: string[] = []
    const answer = await ask({ ...request, maxTokens: 500 }, async ({ index, provider }, turn) => {
      if (killed.length > 0 || index < 40) return
      killed.push(await replicated(turn), provider)
      await market.kill(market.at(killed[0] as string))
      await until('a new successor', async () => {
        const { successors } = turn.summary()
        return successors.some((row) => row.provider !== killed[0] && row.blocks >= BLOCKS)
      })
      await market.kill(market.at(provider))
    })
    expect(answer.result.tokenIds.slice(0, calm.completionTokens)).to.deep.equal(calm.result.tokenIds)
    const [, heir] = served(answer)
    expect(killed).to.not.include(heir?.provider)
    expect(heir?.resumed).to.equal('warm')
  })

  it('all of it is paid to the wei', () =>
    expectExactBooks(
      market.chain,
      told.flatMap((one) => one.result.legs)
    ))
})

/** The sealed blocks of the running answer: earlier ones keep their files for their next turn. */
const storedFile = ({ home }: LocalProvider): string => {
  const files = readdirSync(join(home, 'standby')).map((name) => join(home, 'standby', name))
  const newest = files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest === undefined) throw new Error(`nothing is stored under ${home}`)
  return newest
}

const flipByte = (file: string, at: number): void => {
  const handle = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  expect(fstatSync(handle).size).to.be.above(at)
  readSync(handle, byte, 0, 1, at)
  byte[0] = (byte[0] as number) ^ 1
  writeSync(handle, byte, 0, 1, at)
  closeSync(handle)
}

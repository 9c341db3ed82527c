import { expect } from 'chai'
import { Feed } from 'openseam/session/feed'
import type { TurnEvent } from 'openseam/session/types'
import { settle } from './support.ts'

const token = (index: number): TurnEvent => ({ kind: 'token', index, id: index, text: `t${index}`, provider: 'p', leg: 0 })
const tokens = (from: number, to: number): TurnEvent[] => Array.from({ length: to - from }, (_, i) => token(from + i))
const WAITING_MAX = 8_192

const all = async (feed: Feed, fromIndex = 0): Promise<TurnEvent[]> => {
  const events: TurnEvent[] = []
  for await (const batch of feed.read(fromIndex)) events.push(...batch)
  return events
}

describe('feed of a turn', () => {
  it('gives every reader everything, whenever it comes', async () => {
    const feed = new Feed()
    const early = all(feed)
    feed.push(tokens(0, 3))
    await settle()
    const middle = all(feed)
    feed.push(tokens(3, 5))
    feed.end()
    expect(await early).to.deep.equal(tokens(0, 5))
    expect(await middle).to.deep.equal(tokens(0, 5))
    expect(await all(feed)).to.deep.equal(tokens(0, 5))
    expect(feed.ended).to.equal(true)
  })

  it('hands over what waits as one batch', async () => {
    const feed = new Feed()
    feed.push(tokens(0, 2))
    feed.push(tokens(2, 4))
    const reader = feed.read()
    expect((await reader.next()).value).to.deep.equal(tokens(0, 4))
  })

  it('starts at a completion token; what is no token always comes', async () => {
    const feed = new Feed()
    const waiting: TurnEvent = { kind: 'waiting', done: 1, total: 2 }
    feed.push([waiting, ...tokens(0, 6)])
    feed.end()
    expect(await all(feed, 4)).to.deep.equal([waiting, token(4), token(5)])
  })

  it('ends with its error, after the events before it, for every reader', async () => {
    const feed = new Feed()
    feed.push(tokens(0, 2))
    feed.end(new Error('nobody is left'))
    for (let i = 0; i < 2; i++) {
      const reader = feed.read()
      expect((await reader.next()).value).to.deep.equal(tokens(0, 2))
      expect(await reader.next().catch((error: Error) => error.message)).to.equal('nobody is left')
    }
  })

  const roomOf = (feed: Feed): { open: () => boolean } => {
    let open = false
    void feed.room().then(() => (open = true))
    return { open: () => open }
  }

  it('holds the stream back when even the furthest reader is far behind, and lets it go on once one reads', async () => {
    const feed = new Feed()
    feed.push(tokens(0, WAITING_MAX))
    const enough = roomOf(feed)
    await settle()
    expect(enough.open()).to.equal(true)

    feed.push([token(WAITING_MAX)])
    const held = roomOf(feed)
    await settle()
    expect(held.open()).to.equal(false)
    await feed.read().next()
    await settle()
    expect(held.open()).to.equal(true)
  })

  it('a slow reader beside a quick one holds nobody back', async () => {
    const feed = new Feed()
    const slow = feed.read()
    const quick = feed.read()
    feed.push(tokens(0, WAITING_MAX + 1))
    expect((await quick.next()).value).to.have.length(WAITING_MAX + 1)
    await feed.room()
    feed.push([token(WAITING_MAX + 1)])
    expect((await slow.next()).value).to.have.length(WAITING_MAX + 2)
  })

  it('the end opens the room', async () => {
    const feed = new Feed()
    feed.push(tokens(0, WAITING_MAX + 1))
    const held = roomOf(feed)
    feed.end()
    await settle()
    expect(held.open()).to.equal(true)
  })
})

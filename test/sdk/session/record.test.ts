import { expect } from 'chai'
import fc from 'fast-check'
import { memoryStore, type Store } from 'openseam/components'
import { packIds } from 'openseam/protocol/bytes'
import { hexToBytes } from 'openseam/protocol/eth'
import { absentPrints, PRINT_BYTES } from 'openseam/protocol/fingerprint'
import { type SessionRecord, SessionStore } from 'openseam/session/record'
import { Session } from 'openseam/session/session'
import { WriteQueue } from 'openseam/session/write-queue'
import { codeOfRejection, flakyStore, key, newRecord, TestClock } from './support.ts'

const storeKey = key('store key')
const SECRET_TEXT = 'the harbour master keeps a red lantern'
const promptIds = Array.from({ length: 40 }, (_, i) => 70_000 + i)

const recordOf = (): SessionRecord =>
  newRecord('s_one', { promptTo: promptIds.length, maxTo: 500, successors: 1, text: SECRET_TEXT })

const stores = (store: Store): SessionStore => new SessionStore(new WriteQueue(store), storeKey)
const newSession = (store: Store, clock = new TestClock()): Session =>
  new Session(stores(store), clock, recordOf(), [...promptIds], 0)
const reload = (store: Store): Promise<Session | undefined> => Session.load(stores(store), new TestClock(), 's_one')

const accept = (session: Session, ids: number[]): void => {
  for (const id of ids) session.ids.push(id)
  session.record.accepted = session.ids.length
}

describe('what a client keeps of a session', () => {
  it('comes back as it was', async () => {
    const store = memoryStore()
    const session = newSession(store)
    accept(session, [1, 2, 3])
    await session.persist()
    accept(session, [4, 5])
    await session.persist()
    const back = await reload(store)
    expect(back?.ids).to.deep.equal([...promptIds, 1, 2, 3, 4, 5])
    expect(back?.record).to.deep.equal(session.record)
    expect(await reload(memoryStore())).to.equal(undefined)
  })

  it('is sealed: no id, no text and no root stands anywhere in clear', async () => {
    const store = memoryStore()
    const session = newSession(store)
    accept(session, [81_001, 81_002, 81_003, 81_004])
    await session.persist()
    const disk: Buffer[] = []
    for await (const [name, value] of store.list('')) disk.push(Buffer.from(name), Buffer.from(value))
    const all = Buffer.concat(disk)
    const root = hexToBytes(session.record.root)
    const needles: Record<string, Buffer> = {
      'prompt ids': Buffer.from(packIds(promptIds.slice(0, 2))),
      'answer ids': Buffer.from(packIds([81_002, 81_003])),
      'ids as text': Buffer.from('81002'),
      text: Buffer.from('harbour'),
      'text as UTF-16': Buffer.from('harbour', 'utf16le'),
      root: Buffer.from(root),
      'root as hex': Buffer.from(session.record.root.slice(2)),
      'session id': Buffer.from(session.record.sessionId.slice(2))
    }
    for (const [name, needle] of Object.entries(needles)) expect(all.includes(needle), name).to.equal(false)
    // the same search finds them where they do stand in clear
    const clear = Buffer.concat([
      packIds([...promptIds, 81_001, 81_002, 81_003]),
      root,
      Buffer.from(JSON.stringify(session.record))
    ])
    for (const name of ['prompt ids', 'answer ids', 'text', 'root', 'root as hex', 'session id'])
      expect(clear.includes(needles[name]!), name).to.equal(true)
  })

  it('opens under no other key, and no piece stands in for another', async () => {
    const store = memoryStore()
    const session = newSession(store)
    accept(session, [1])
    await session.persist()
    const other = new SessionStore(new WriteQueue(store), key('another store key'))
    expect(await codeOfRejection(other.read('s_one'))).to.equal('STORE_CORRUPT')
    await store.batch([{ put: 'se:s_two', value: (await store.get('se:s_one'))! }])
    expect(await codeOfRejection(stores(store).read('s_two'))).to.equal('STORE_CORRUPT')
  })

  it('is gone for good once shredded', async () => {
    const store = memoryStore()
    const session = newSession(store)
    await session.persist()
    await stores(store).shred('s_one')
    expect(await reload(store)).to.equal(undefined)
    const left: string[] = []
    for await (const [name] of store.list('')) left.push(name)
    expect(left).to.deep.equal([])
  })

  it('what goes with a record reaches the disk in the same batch', async () => {
    const store = flakyStore()
    const session = newSession(store)
    await session.persist([{ put: 'ch:x', value: key('voucher') }])
    expect(
      store.batches.map(({ writes }) => writes.map((write) => ('put' in write ? write.put.slice(0, 3) : 'del')).sort())
    ).to.deep.equal([['ch:', 'lg:', 'se:']])
  })

  it('tokens reach the disk within 20 ms, as a log alone', async () => {
    const store = flakyStore()
    const clock = new TestClock()
    const session = newSession(store, clock)
    await session.persist()
    accept(session, [1, 2])
    session.persistSoon()
    accept(session, [3])
    session.persistSoon()
    await clock.advance(20)
    await session.settled
    expect(store.batches).to.have.length(2)
    expect(store.batches[1]?.writes).to.have.length(1)
    expect((await reload(store))?.ids.slice(promptIds.length)).to.deep.equal([1, 2, 3])
  })
})

describe('a crash of the client', () => {
  it('between log and record: what the log holds past the prompt was accepted', async () => {
    const store = memoryStore()
    const clock = new TestClock()
    const session = newSession(store, clock)
    await session.persist()
    accept(session, [1, 2, 3])
    session.persistSoon()
    await clock.advance(20)
    await session.settled
    const back = await reload(store)
    expect(back?.record.accepted).to.equal(promptIds.length + 3)
    expect(back?.record.turn.finish).to.equal(null)
  })

  it('what peers said of their logits comes back with the ids, and nothing is made up for those that said nothing', async () => {
    const store = memoryStore()
    const session = newSession(store)
    const from = promptIds.length
    const prints = Uint8Array.from({ length: 5 * PRINT_BYTES }, (_, i) => i)
    await session.persist()
    accept(session, [1, 2, 3])
    session.prints.put(from, prints.subarray(0, 3 * PRINT_BYTES))
    await session.persist()
    accept(session, [4, 5])
    await session.persist() // of a peer without entries
    accept(session, [6, 7])
    session.prints.put(from + 5, prints.subarray(3 * PRINT_BYTES))
    await session.persist()
    const back = (await reload(store))!
    expect(back.ids.slice(from)).to.deep.equal([1, 2, 3, 4, 5, 6, 7])
    const expected = [prints.subarray(0, 3 * PRINT_BYTES), absentPrints(2), prints.subarray(3 * PRINT_BYTES)]
    expect(Buffer.from(back.prints.slice(from, from + 7))).to.deep.equal(Buffer.concat(expected))
    back.extend(from + 7, [11, 12])
    expect(back.prints.from).to.equal(from + 9)
    back.record.turn.promptTo = from + 9
    await back.persist()
    const next = (await reload(store))!
    expect([next.ids.length, next.prints.covers(0, from + 20)]).to.deep.equal([from + 9, false])
  })

  it('before anything was accepted: nothing was', async () => {
    const store = memoryStore()
    await newSession(store).persist()
    expect((await reload(store))?.record.accepted).to.equal(0)
  })

  it('after a write that failed: the next one brings what was missing', async () => {
    const store = flakyStore()
    const session = newSession(store)
    await session.persist()
    accept(session, [1, 2])
    store.failing = true
    expect(await codeOfRejection(session.persist())).to.contain('the disk is full')
    store.failing = false
    accept(session, [3])
    await session.persist()
    expect((await reload(store))?.ids.slice(promptIds.length)).to.deep.equal([1, 2, 3])
  })

  it('a hole in the log is said, not papered over', async () => {
    const store = memoryStore()
    const session = newSession(store)
    await session.persist()
    accept(session, [1, 2])
    await session.persist()
    accept(session, [3])
    await session.persist()
    await store.batch([{ del: `lg:s_one:${String(promptIds.length).padStart(10, '0')}` }])
    expect(await codeOfRejection(reload(store))).to.equal('STORE_CORRUPT')
  })

  it('a prompt that was never answered leaves nothing behind', async () => {
    const store = memoryStore()
    const session = newSession(store)
    accept(session, [1, 2])
    await session.persist()
    const held = session.ids.length
    session.extend(held, [11, 12, 13, 14, 15])
    await session.persist()
    accept(session, []) // cancelled before its first token, after which another prompt was sent
    session.record.accepted = held
    session.extend(held, [21, 22])
    session.record.turn.promptTo = held + 2
    await session.persist()
    session.record.accepted = held + 2
    expect((await reload(store))?.ids).to.deep.equal([...promptIds, 1, 2, 21, 22])
  })

  it('whatever is accepted, stored and asked, the log that comes back is the one in memory', async () => {
    const some = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 6 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('accept' as const), ids: some(0, 9) }),
      fc.record({ kind: fc.constant('persist' as const), ids: fc.constant([]) }),
      fc.record({ kind: fc.constant('ask' as const), ids: some(10, 19) })
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const store = memoryStore()
        const session = newSession(store)
        let answered = 0 // the next prompt takes the place of one that no token followed
        for (const { kind, ids } of steps) {
          if (kind === 'persist') await session.persist()
          else if (kind === 'ask') session.extend(answered, ids)
          else {
            accept(session, ids)
            answered = session.ids.length
          }
        }
        await session.persist()
        expect((await reload(store))?.ids).to.deep.equal(session.ids)
      }),
      { numRuns: 60 }
    )
  })
})

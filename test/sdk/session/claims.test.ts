/** Two gateways of a wallet over one store: who may write a session, who is taken for gone, and what becomes of what it left. */
import { expect } from 'chai'
import { type SharedStore, silentLog } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { Claims, GONE_MS } from 'openseam/session/claims'
import type { Fence } from 'openseam/session/fence'
import { SessionStore } from 'openseam/session/record'
import { Session } from 'openseam/session/session'
import { WriteQueue } from 'openseam/session/write-queue'
import { sharedMemoryStore } from '../../node/lib/shared-memory-store.ts'
import { opened, play, STOP, tokens } from './playing.ts'
import { codeOfRejection, key, newRecord, settle, TestClock } from './support.ts'

let seed = 0
const rng = { bytes: (count: number) => new Uint8Array(count).fill(++seed) }

/** A gateway: what it closed and whether it brought vouchers, for others that were gone. */
const gateway = (store: SharedStore, clock: TestClock) => {
  const claims = new Claims({ store, clock, rng, log: silentLog })
  const closed: string[] = []
  const after = { deliveries: 0, failing: false }
  claims.start({
    async close(fence) {
      closed.push(fence.handle)
      if (after.failing) {
        fence.fail(new Error('its log is damaged'))
        throw new SeamError('STORE_CORRUPT', 'its log is damaged')
      }
      await fence.leave((guard) => store.batch([guard]))
    },
    async deliver() {
      after.deliveries += 1
    }
  })
  return { claims, closed, after }
}

const two = () => {
  const store = sharedMemoryStore()
  const clock = new TestClock()
  return { store, clock, one: gateway(store, clock), other: gateway(store, clock) }
}

const mark = (store: SharedStore, fence: Fence, put: string, last = false): Promise<void> =>
  store.batch([{ put, value: new Uint8Array(1) }, fence.guard(last)])
const keys = async (store: SharedStore, prefix: string): Promise<string[]> => {
  const found: string[] = []
  for await (const [name] of store.list(prefix)) found.push(name)
  return found
}

/** One that dies: it neither beats nor writes any more, and says nothing. */
const deadGateway = async (store: SharedStore, handle: string) => {
  const clock = new TestClock() // nobody turns it
  const { claims } = gateway(store, clock)
  return { claims, fence: await claims.take(handle) }
}

describe('claims of sessions', () => {
  it('one at a time: while a gateway answers, nobody else may, itself included', async () => {
    const { store, one, other } = two()
    const fence = await one.claims.take('s_a')
    expect(await codeOfRejection(other.claims.take('s_a'))).to.equal('SESSION_BUSY')
    expect(await codeOfRejection(one.claims.take('s_a'))).to.equal('SESSION_BUSY')
    expect(await other.claims.isAnswered('s_a')).to.equal(true)
    await mark(store, fence, 'a')
    await fence.leave((guard) => store.batch([guard]))
    expect(await keys(store, 'cl:')).to.deep.equal([])
    expect(await other.claims.isAnswered('s_a')).to.equal(false)
    await other.claims.take('s_a')
  })

  it('of many who take what is free one gets it', async () => {
    const { one, other } = two()
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => codeOfRejection((i % 2 === 0 ? one : other).claims.take('s_a')))
    )
    expect(codes.filter((code) => code === 'none')).to.have.length(1)
    expect(codes.filter((code) => code === 'SESSION_BUSY')).to.have.length(19)
  })

  it('a batch whose predecessor was not stored is not stored either', async () => {
    const { store, one } = two()
    const fence = await one.claims.take('s_a')
    const lost = fence.guard()
    expect(await codeOfRejection(mark(store, fence, 'second'))).to.equal('STORE_DOWN')
    await store.batch([{ put: 'first', value: new Uint8Array(1) }, lost])
    expect(await keys(store, 'second')).to.deep.equal([])
  })

  it('a gateway that stops says so, and what it held is closed at once', async () => {
    const { store, clock, one, other } = two()
    await clock.advance(2_000)
    const fence = await one.claims.take('s_a')
    void fence
    await one.claims.close()
    await clock.advance(1_000)
    expect(other.closed).to.deep.equal(['s_a'])
    expect(other.after.deliveries).to.equal(1)
    expect(await keys(store, 'cl:')).to.deep.equal([])
    await clock.advance(60_000)
    expect([other.closed.length, other.after.deliveries]).to.deep.equal([1, 1])
  })

  it('one that dies is gone after its beat stood still for as long as we watched; its sessions are closed, by one of the others', async () => {
    const { store, clock, one, other } = two()
    const { fence } = await deadGateway(store, 's_a')
    await mark(store, fence, 'before')
    await clock.advance(GONE_MS - 1_000)
    expect([one.closed, other.closed]).to.deep.equal([[], []])
    expect(await codeOfRejection(one.claims.take('s_a'))).to.equal('SESSION_BUSY')
    await clock.advance(3_000)
    expect([...one.closed, ...other.closed]).to.deep.equal(['s_a'])
    expect(one.after.deliveries + other.after.deliveries).to.be.at.least(1)
    expect(await codeOfRejection(mark(store, fence, 'after'))).to.equal('SESSION_MOVED')
    expect(await keys(store, 'after')).to.deep.equal([])
    expect(await keys(store, 'gw:')).to.have.length(2)
  })

  it('who has not watched for long takes nobody for gone', async () => {
    const store = sharedMemoryStore()
    const clock = new TestClock()
    await deadGateway(store, 's_a')
    await clock.advance(60_000)
    const late = gateway(store, clock)
    await clock.advance(GONE_MS - 1_000)
    expect(await codeOfRejection(late.claims.take('s_a'))).to.equal('SESSION_BUSY')
  })

  it('time in which the store could not be looked at does not count', async () => {
    const { store, clock, one, other } = two()
    const away = { is: false }
    const { list } = store
    store.list = async function* (prefix) {
      if (away.is) throw new SeamError('STORE_DOWN', 'away')
      yield* list(prefix)
    }
    await clock.advance(2_000)
    const { fence } = await deadGateway(store, 's_a')
    await clock.advance(2_000)
    away.is = true
    await clock.advance(60_000)
    away.is = false
    await clock.advance(GONE_MS - 1_000)
    expect([one.closed, other.closed]).to.deep.equal([[], []])
    await mark(store, fence, 'still ours')
    await clock.advance(3_000)
    expect([...one.closed, ...other.closed]).to.deep.equal(['s_a'])
  })

  it('after a batch that was not stored the gateway itself closes the session, from what is', async () => {
    const { store, clock, one, other } = two()
    const fence = await one.claims.take('s_a')
    fence.fail(new SeamError('STORE_DOWN', 'away'))
    await clock.advance(1_000)
    expect([one.closed, other.closed]).to.deep.equal([['s_a'], []])
    expect(await keys(store, 'cl:')).to.deep.equal([])
  })

  it('a session that came to rest while they looked is left alone', async () => {
    const { store, clock, one, other } = two()
    const fence = await one.claims.take('s_a')
    const { list } = store
    store.list = async function* (prefix) {
      const rows = await Array.fromAsync(list(prefix))
      if (prefix === 'cl:') await fence.leave((guard) => store.batch([guard]))
      yield* rows
    }
    await clock.advance(5_000)
    expect([one.closed, other.closed]).to.deep.equal([[], []])
  })

  it('what cannot be closed is not tried at every beat', async () => {
    const { store, clock, one, other } = two()
    one.after.failing = true
    other.after.failing = true
    await deadGateway(store, 's_a')
    await clock.advance(GONE_MS + 5_000)
    expect(one.closed.length + other.closed.length).to.be.within(1, 2)
  })
})

describe('a session under a claim', () => {
  const record = () => newRecord('s_a', { promptTo: 2, maxTo: 9 })

  it('is not written by who has none, and not any more by who lost it; its log has no hole', async () => {
    const { store, clock, one, other } = two()
    const sessions = new SessionStore(new WriteQueue(store), key('store'))
    const session = new Session(sessions, clock, record(), [1, 2], 0)
    expect(await codeOfRejection(session.persist())).to.equal('SESSION_MOVED')
    session.fence = await one.claims.take('s_a')
    await session.persist()
    session.ids.push(3)
    await session.persist()
    await one.claims.close() // so it is gone, and the other closes what it left
    await clock.advance(1_000)
    expect(other.closed).to.deep.equal(['s_a'])
    session.ids.push(4)
    const errors: unknown[] = []
    session.fence.onLost((error) => errors.push(error))
    expect(await codeOfRejection(session.persist())).to.equal('SESSION_MOVED')
    expect(errors).to.have.length(1)
    expect((await Session.load(sessions, clock, 's_a'))?.ids).to.deep.equal([1, 2, 3])
  })

  it('can be read on while another writes it', async () => {
    const { store, clock, one } = two()
    const sessions = new SessionStore(new WriteQueue(store), key('store'))
    const session = new Session(sessions, clock, record(), [1, 2], 0)
    session.fence = await one.claims.take('s_a')
    await session.persist()
    const reader = await Session.load(sessions, clock, 's_a')
    for (const id of [3, 4, 5]) {
      session.ids.push(id)
      await session.persist()
    }
    await reader?.readOn()
    expect(reader?.ids).to.deep.equal([1, 2, 3, 4, 5])
    expect(reader?.record.accepted).to.equal(5)
    await session.rest()
    expect(await keys(store, 'cl:')).to.deep.equal([])
  })

  it('a turn whose session was taken stops, tells so, and pays nothing more here', async () => {
    const { store, one } = two()
    const fence = await one.claims.take('s_one')
    const turn = await play(
      [
        async (line) => {
          await line.send(opened)
          await line.send(tokens(4, [10], 'none'))
          while ((await keys(store, 'rc:')).length === 0) await settle()
          await store.batch([{ del: 'cl:s_one' }])
          await line.send(tokens(5, [11, STOP]))
        }
      ],
      100,
      {},
      store,
      [],
      undefined,
      fence
    )
    await turn.running
    expect(await turn.failed).to.equal('SESSION_MOVED')
    expect(await keys(store, 'rc:')).to.have.length(1)
    expect(fence.lost).to.equal(true)
  })
})

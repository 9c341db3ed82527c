/** One row of cases for every store, and one for those that several processes write (docs/spec/store.md). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { memoryStore, type SharedStore, type Store, silentLog, systemClock } from 'openseam/components'
import { openLevelStore } from '../../../node/lib/level-store.ts'
import { openPostgresStore, type PostgresInit } from '../../../node/lib/postgres-store.ts'
import type { RangeQuery, RangeStore } from '../../../node/lib/range-store.ts'
import { type Postgres, postgresHere } from './postgres.ts'
import { sharedMemoryStore } from './shared-memory-store.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value)
const rows = async (store: Store, prefix: string): Promise<string[]> => {
  const found: string[] = []
  for await (const [key, value] of store.list(prefix)) found.push(`${key}=${text(value)}`)
  return found
}
const rejection = (promise: Promise<unknown>): Promise<Error & { code?: string }> =>
  promise.then(
    () => expect.fail('it was stored'),
    (error: unknown) => error as Error
  )

const stores = (open: () => Promise<Store>): void => {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  it('gives back what it was given, byte for byte, and nothing for what it does not have', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    await store.batch([
      { put: 'a', value: all },
      { put: 'empty', value: new Uint8Array(0) }
    ])
    expect(await store.get('a')).to.deep.equal(all)
    expect(await store.get('empty')).to.deep.equal(new Uint8Array(0))
    expect(await store.get('b')).to.equal(undefined)
  })

  it('keeps its rows apart from the buffers that it was given and gave', async () => {
    const value = bytes('before')
    await store.batch([{ put: 'a', value: value.subarray(1, 4) }])
    value.fill(0)
    if ((await store.get('a'))?.length !== 3) expect.fail('not the part that was given')
  })

  it('writes over and deletes, the last of a batch wins', async () => {
    await store.batch([{ put: 'a', value: bytes('1') }])
    await store.batch([{ put: 'a', value: bytes('2') }, { del: 'a' }, { put: 'b', value: bytes('3') }, { del: 'nothing' }])
    expect(await rows(store, '')).to.deep.equal(['b=3'])
    await store.batch([{ del: 'b' }, { put: 'b', value: bytes('4') }])
    expect(text(await store.get('b'))).to.equal('4')
    await store.batch([])
  })

  it('lists from a key on: it may leave out what lies before, and nothing else', async () => {
    await store.batch(['a:1', 'a:2', 'a:3', 'b:1'].map((put) => ({ put, value: bytes('x') })))
    const found: string[] = []
    for await (const [key] of store.list('a:', 'a:2')) if (key >= 'a:2') found.push(key)
    expect(found).to.deep.equal(['a:2', 'a:3'])
  })

  it('lists what begins with a prefix, in the order of the keys', async () => {
    const keys = [
      'se:b',
      'lg:s_A:0000000010',
      'lg:s_A:0000000002',
      'lg:s_a:1',
      'lg:s_A:0000000002:p',
      'lg;',
      'lg',
      'owner/x',
      'lg:s_A-:5',
      'lg:s_A%:6',
      "lg:s_A':7"
    ]
    await store.batch(keys.map((put) => ({ put, value: bytes(put) })))
    const expected = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).sort()
    for (const prefix of ['lg:s_A:', 'lg:', 'lg', 'se:', 'x', '', 'lg:s_A%', "lg:s_A'"])
      expect(await rows(store, prefix), prefix).to.deep.equal(expected(prefix).map((key) => `${key}=${key}`))
  })

  it('lists more than it reads at a time', async () => {
    const keys = Array.from({ length: 700 }, (_, i) => `rc:${String(i).padStart(10, '0')}`)
    await store.batch(keys.map((put, i) => ({ put, value: bytes(String(i)) })))
    expect(await rows(store, 'rc:')).to.deep.equal(keys.map((key, i) => `${key}=${i}`))
  })

  it('takes effect in the order it was asked', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => store.batch([{ put: 'a', value: bytes(String(i)) }])))
    expect(text(await store.get('a'))).to.equal('299')
  })
}

const ranges = (open: () => Promise<RangeStore>): void => {
  it('cuts pages, forwards and backwards, and never out of the prefix', async () => {
    const store = await open()
    const keys = ['a:9', 'b:1', 'b:2', 'b:3', 'b:4', 'b;', 'c:1']
    await store.batch(keys.map((put) => ({ put, value: bytes(put) })))
    const page = async (query: Omit<RangeQuery, 'prefix'>) =>
      (await store.range({ prefix: 'b:', ...query })).map(([key, value]) => {
        expect(text(value)).to.equal(key)
        return key
      })
    expect(await page({ limit: 9 })).to.deep.equal(['b:1', 'b:2', 'b:3', 'b:4'])
    expect(await page({ limit: 2 })).to.deep.equal(['b:1', 'b:2'])
    expect(await page({ limit: 2, after: 'b:2' })).to.deep.equal(['b:3', 'b:4'])
    expect(await page({ limit: 2, reverse: true })).to.deep.equal(['b:4', 'b:3'])
    expect(await page({ limit: 9, reverse: true, after: 'b:3' })).to.deep.equal(['b:2', 'b:1'])
    expect(await page({ limit: 9, after: 'b:4' })).to.deep.equal([])
    await store.close()
  })

  it('reads many rows at once, in the order they were asked for', async () => {
    const store = await open()
    await store.batch(['a', 'b', 'c'].map((put) => ({ put, value: bytes(put) })))
    const found = await store.getMany(['c', 'nothing', 'a', 'c'])
    expect(found.map(text)).to.deep.equal(['c', undefined, 'a', 'c'])
    expect(await store.getMany([])).to.deep.equal([])
    await store.close()
  })
}

/** Adds one to a number in text, and writes under it who did. */
const countBy = (name: string) => ({
  update: 'count',
  decide: (current: Uint8Array | undefined) => {
    const next = String(Number(text(current) ?? '0') + 1)
    return [
      { put: 'count', value: bytes(next) },
      { put: `by:${next.padStart(6, '0')}`, value: bytes(name) }
    ]
  }
})

const sharedStores = (open: () => Promise<[SharedStore, SharedStore]>): void => {
  let one: SharedStore
  let other: SharedStore
  beforeEach(async () => {
    ;[one, other] = await open()
  })
  afterEach(async () => {
    await one.close()
    await other.close()
  })

  it('what one has written the other reads', async () => {
    await one.batch([{ put: 'a', value: bytes('1') }])
    expect(text(await other.get('a'))).to.equal('1')
  })

  it('updates of two writers never miss each other', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? one : other).batch([countBy(String(i))])))
    expect(text(await one.get('count'))).to.equal('200')
    const names = (await rows(one, 'by:')).map((row) => row.split('=')[1] as string)
    expect(new Set(names).size).to.equal(200)
    const mine = (odd: number) => names.map(Number).filter((n) => n % 2 === odd)
    for (const odd of [0, 1]) expect(mine(odd), 'each writer in its own order').to.deep.equal(mine(odd).toSorted((a, b) => a - b))
  })

  it('two that update the same keys the other way round wait for each other, not for ever', async () => {
    const touch = (key: string, seen: string[]) => ({
      update: key,
      decide: (current: Uint8Array | undefined) => {
        seen.push(key)
        return [{ put: key, value: bytes(`${text(current) ?? ''}.`) }]
      }
    })
    const forth: string[] = []
    const back: string[] = []
    for (let i = 0; i < 30; i++) {
      await Promise.all([one.batch([touch('a', forth), touch('b', forth)]), other.batch([touch('b', back), touch('a', back)])])
    }
    expect(await rows(one, '')).to.deep.equal([`a=${'.'.repeat(60)}`, `b=${'.'.repeat(60)}`])
  })

  it('an update that throws takes its whole batch with it, and no other', async () => {
    const refused = new Error('not yours any more')
    const fence = { update: 'fence', decide: () => { throw refused } } // biome-ignore format: one line
    const results = await Promise.allSettled([
      one.batch([{ put: 'a', value: bytes('1') }, countBy('first')]),
      one.batch([{ put: 'b', value: bytes('1') }, countBy('lost'), fence, { del: 'a' }]),
      one.batch([{ put: 'c', value: bytes('1') }, countBy('second')])
    ])
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
    expect((results[1] as PromiseRejectedResult).reason).to.equal(refused)
    expect(await rows(other, '')).to.deep.equal(['a=1', 'by:000001=first', 'by:000002=second', 'c=1', 'count=2'])
  })

  it('an update sees what its batch wrote before it, and what others deleted', async () => {
    await one.batch([{ put: 'count', value: bytes('7') }, countBy('me')])
    expect(text(await one.get('count'))).to.equal('8')
    await other.batch([{ del: 'count' }])
    await one.batch([countBy('again')])
    expect(text(await one.get('count'))).to.equal('1')
  })

  it('only one of many who take what is free gets it', async () => {
    const claim = (name: string) => ({
      update: 'claim',
      decide: (current: Uint8Array | undefined) => {
        if (current !== undefined) throw new Error(`${text(current)} has it`)
        return [{ put: 'claim', value: bytes(name) }]
      }
    })
    const tries = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).batch([claim(`t${i}`)]))
    const taken = (await Promise.allSettled(tries)).flatMap(({ status }, i) => (status === 'fulfilled' ? [`t${i}`] : []))
    expect(taken).to.have.length(1)
    expect(text(await one.get('claim'))).to.equal(taken[0])
  })
}

describe('a store in memory', () => stores(() => Promise.resolve(memoryStore())))

describe('a store in LevelDB', () => {
  const dirs: string[] = []
  after(() => {
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
  })
  const openNew = () => {
    const dir = mkdtempSync(join(tmpdir(), 'openseam-store-'))
    dirs.push(dir)
    return openLevelStore(dir)
  }
  stores(openNew)
  ranges(openNew)
})

describe('a shared store in memory', () => {
  stores(() => Promise.resolve(sharedMemoryStore()))
  sharedStores(() => {
    const store = sharedMemoryStore()
    return Promise.resolve([store, store])
  })
})

let spaces = 0
const open = (server: Postgres, init: Partial<PostgresInit> = {}): Promise<SharedStore & RangeStore> =>
  openPostgresStore({
    url: server.url,
    password: server.password,
    space: `space ${spaces}`,
    clock: systemClock,
    log: silentLog,
    ...init
  })

describe('a store in PostgreSQL', function () {
  this.timeout(60_000)
  const server = postgresHere(this)
  const openNew = (): Promise<SharedStore & RangeStore> => {
    spaces += 1
    return open(server())
  }

  stores(openNew)
  ranges(openNew)
  sharedStores(async () => [await openNew(), await open(server())])

  it('shows nobody the rows of another space', async () => {
    const ours = await openNew()
    const theirs = await openNew()
    await ours.batch([{ put: 'a', value: bytes('ours') }])
    expect(await theirs.get('a')).to.equal(undefined)
    expect(await rows(theirs, '')).to.deep.equal([])
    await theirs.batch([{ del: 'a' }])
    expect(text(await ours.get('a'))).to.equal('ours')
    await ours.close()
    await theirs.close()
  })

  it('says what is wrong with an address or a password, and never says the password', async () => {
    const wrong = await rejection(open(server(), { password: 'hunter2hunter2' }))
    expect(wrong.code).to.equal('CONFIG')
    expect(`${wrong.message} ${wrong.stack} ${JSON.stringify(wrong)}`).to.not.contain('hunter2')
    expect((await rejection(open(server(), { url: 'mysql://somewhere' }))).code).to.equal('CONFIG')
    const nowhere = await rejection(open(server(), { url: 'postgres://u:hunter2hunter2@127.0.0.1:1/x' }))
    expect(nowhere.code).to.equal('STORE_DOWN')
    expect(`${nowhere.message} ${nowhere.stack}`).to.not.contain('hunter2')
  })

  it('outlives a restart of the server: what waits is stored once, in its order', async () => {
    const store = await openNew()
    await store.batch([countBy('0')])
    const down = server().halt()
    const waiting = Array.from({ length: 50 }, (_, i) => store.batch([countBy(String(i + 1))]))
    await down
    await server().start()
    await Promise.all(waiting)
    expect(text(await store.get('count'))).to.equal('51')
    expect((await rows(store, 'by:')).map((row) => Number(row.split('=')[1]))).to.deep.equal(
      Array.from({ length: 51 }, (_, i) => i)
    )
    await store.close()
  })

  it('refuses what comes after its end', async () => {
    const store = await openNew()
    const last = store.batch([{ put: 'a', value: bytes('1') }])
    await store.close()
    await last
    expect((await rejection(store.batch([{ put: 'b', value: bytes('1') }]))).code).to.equal('STORE_DOWN')
  })
})

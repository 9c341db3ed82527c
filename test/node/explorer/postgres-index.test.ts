/** The index in a database holds what the index in a folder holds, row by row, and has one writer. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog, systemClock } from 'openseam/components'
import { commandModule, startChild } from '../../../node/devnet/children.ts'
import { type IndexStore, openPostgresIndexStore } from '../../../node/explorer/index-store.ts'
import { keys } from '../../../node/explorer/rows.ts'
import { OPEN, startMarket } from '../../contracts/market.ts'
import { until } from '../../e2e/lib/until.ts'
import { postgresHere } from '../lib/postgres.ts'
import { FakeChain, randomOf } from './fake-chain.ts'
import { doubtful, folders, followToHead, freshRows, openIndex, rowsOf } from './index-states.ts'

describe('the index in PostgreSQL', function () {
  this.timeout(120_000)
  const server = postgresHere(this)
  const dirs = folders()
  let spaces = 0
  after(() => dirs.remove())

  const open = (space: string): Promise<IndexStore> => {
    const { url, password } = server()
    return openPostgresIndexStore({ url, password, space, clock: systemClock, log: silentLog })
  }
  const newSpace = (): string => `index ${spaces++}`

  it('is the same, over reorganisations up to finality and beyond, and writes that failed', async () => {
    const seed = Number(process.env['SEED'] ?? 9)
    const random = randomOf(seed)
    const chain = new FakeChain(seed)
    chain.mine(150)
    chain.spanMax = 16
    const { store, indexer } = await openIndex(chain, await open(newSpace()), 64, doubtful(random, 6))
    let deepest = 0
    for (let i = 0; i < 60; i++) {
      await indexer.step().catch((error) => expect(error).to.have.property('code', 'STORE_DOWN'))
      if (random() < 0.3) chain.mine(3)
      if (random() > 0.2) continue
      const depth = 1 + Math.floor(random() * 90)
      deepest = Math.max(deepest, depth)
      chain.reorganise(depth)
    }
    expect(deepest, `SEED=${seed}`).to.be.above(64)
    for (let idle = 0; idle < 3; ) if ((await indexer.step().catch(() => 'failed')) === 'idle') idle++
    expect(await rowsOf(store), `SEED=${seed}`).to.deep.equal(await freshRows(chain, dirs.make()))
    await store.close()
  })

  it('outlives a restart of the server', async () => {
    const chain = new FakeChain(10)
    chain.mine(200)
    chain.spanMax = 8
    const { store, indexer } = await openIndex(chain, await open(newSpace()))
    for (let i = 0; i < 4; i++) await indexer.step()
    const down = server().halt()
    const following = followToHead(indexer)
    await down
    await server().start()
    await following
    expect(indexer.cursor?.block).to.equal(chain.head)
    expect(await rowsOf(store)).to.deep.equal(await freshRows(chain, dirs.make()))
    await store.close()
  })

  it('has one writer: who opens it last goes on where the one before stood, and that one writes nothing more', async () => {
    const chain = new FakeChain(11)
    chain.mine(60)
    chain.spanMax = 8
    const space = newSpace()
    const first = await openIndex(chain, await open(space))
    await first.indexer.step()
    const second = await openIndex(chain, await open(space))
    expect(second.indexer.cursor).to.deep.equal(first.indexer.cursor)
    const ended = await first.indexer.run(new AbortController().signal).then(
      () => expect.fail('it goes on'),
      (error: unknown) => error
    )
    expect(ended).to.have.property('code', 'HOME_LOCKED')
    await followToHead(second.indexer)
    const rows = await rowsOf(second.store)
    expect(rows).to.deep.equal(await freshRows(chain, dirs.make()))
    const refused = await first.store.batch([{ put: keys.cursor, value: new Uint8Array(2) }]).then(
      () => expect.fail('it was stored'),
      (error: unknown) => error
    )
    expect(refused).to.have.property('code', 'HOME_LOCKED')
    expect(await rowsOf(second.store)).to.deep.equal(rows)
    await first.store.close()
    await second.store.close()
  })

  it('of two deployments in one database none sees the other', async () => {
    const chain = new FakeChain(12)
    chain.mine(20)
    const { store, indexer } = await openIndex(chain, await open(newSpace()))
    await followToHead(indexer)
    const other = await open(newSpace())
    expect((await rowsOf(other)).size).to.equal(0)
    await other.close()
    await store.close()
  })

  it('is what `openseam explorer --store` serves, until another is started', async () => {
    const market = await startMarket()
    const dir = dirs.make()
    const file = join(dir, 'deployment.json')
    writeFileSync(file, JSON.stringify(market.deployment))
    const store = `${server().url}&password=${encodeURIComponent(server().password)}`
    const start = (name: string) => {
      const flags = { rpc: market.rpc.url, deployment: file, home: join(dir, name), store, port: '0', poll: '50' }
      const args = ['explorer', ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])]
      return startChild<{ url: string }>(commandModule, args, join(dir, `${name}.log`))
    }
    const client = await market.person('of an index in a database')
    await client.ledger.deposit(client.wallet.address, 7n * OPEN)
    const first = await start('first')
    const deposited = async (url: string): Promise<unknown> =>
      ((await (await fetch(`${url}/api/summary`)).json()) as { deposited?: string }).deposited
    await until('the deposit to be told', async () => (await deposited(first.ready.url)) === String(7n * OPEN))
    const second = await start('second')
    expect(await deposited(second.ready.url)).to.equal(String(7n * OPEN))
    await client.ledger.deposit(client.wallet.address, OPEN)
    await first.exited
    expect(readFileSync(join(dir, 'first.log'), 'utf8')).to.match(/HOME_LOCKED: another explorer.*ended with code 1/s)
    await until('the next deposit to be told', async () => (await deposited(second.ready.url)) === String(8n * OPEN))
    expect(readFileSync(join(dir, 'second.log'), 'utf8')).not.to.include(encodeURIComponent(server().password))
    await second.stop()
    await market.close()
  })
})

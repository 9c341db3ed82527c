import { expect } from 'chai'
import type { IndexStore } from '../../../node/explorer/index-store.ts'
import { keys, type SummaryRow } from '../../../node/explorer/rows.ts'
import { decodeLog } from '../../../sdk/chain/events.ts'
import { decodeJson, encodeJson } from '../../../sdk/protocol/json.ts'
import { deployment, FakeChain, randomOf } from './fake-chain.ts'
import { doubtful, dying, folders, followToHead, freshRows, openIndex, PowerCut, rowsOf } from './index-states.ts'

describe('the index', function () {
  this.timeout(120_000)
  const dirs = folders()
  afterEach(() => dirs.remove())

  it('sums what the raw events say, to the wei', async () => {
    const chain = new FakeChain(1)
    chain.mine(100)
    const { store, indexer } = await openIndex(chain, dirs.make())
    await followToHead(indexer)
    const sums = { deposited: 0n, withdrawn: 0n, settled: 0n, claimed: 0n }
    let paid = 0n
    for (const log of chain.logs) {
      const event = decodeLog(deployment, { ...log, topics: [...log.topics], blockNumber: 0, logIndex: 0 } as never)
      if (event?.name === 'Deposited') sums.deposited += event.amount
      if (event?.name === 'Withdrawn') sums.withdrawn += event.amount
      if (event?.name === 'Claimed') sums.claimed += event.amount
      if (event?.name === 'BatchSettled') sums.settled += event.total
      if (event?.name === 'GroupSettled') for (const { amount } of event.paid) paid += amount
    }
    const summary = decodeJson<SummaryRow>((await store.get(keys.summary))!)
    expect(summary).to.include({ ...sums, events: chain.logs.length })
    expect(summary.settled).to.equal(paid)
    const models = await store.range({ prefix: 'mo:', limit: 100 })
    expect(models.reduce((sum, [, value]) => sum + decodeJson<{ paid: bigint }>(value).paid, 0n)).to.equal(paid)
    const shares = await store.range({ prefix: 'mp:', limit: 100 })
    expect(shares.reduce((sum, [, value]) => sum + decodeJson<{ paid: bigint }>(value).paid, 0n)).to.equal(paid)
    await store.close()
  })

  it('is the same however the endpoint cuts its answers', async () => {
    const chain = new FakeChain(2)
    chain.mine(100)
    const whole = await freshRows(chain, dirs.make())
    chain.spanMax = 3
    const { store, indexer } = await openIndex(chain, dirs.make())
    await followToHead(indexer)
    expect(await rowsOf(store)).to.deep.equal(whole)
    chain.spanMax = 0
    chain.mine(1)
    await indexer.step().then(
      () => expect.fail('nothing can be read'),
      (error) => expect(error).to.have.property('code', 'CHAIN_REVERTED')
    )
    await store.close()
  })

  it('asks for no block’s time that came with its logs, and has the same rows', async () => {
    const chain = new FakeChain(2)
    chain.mine(100)
    const untold = await freshRows(chain, dirs.make())
    const asked = chain.calls
    chain.tellsTimes = true
    expect(await freshRows(chain, dirs.make())).to.deep.equal(untold)
    expect(chain.calls - asked, 'one for each block was spared').to.be.below(asked - 90)
  })

  it('undoes what a reorganisation took back, at any depth up to finality and beyond', async () => {
    const chain = new FakeChain(3)
    const { store, indexer } = await openIndex(chain, dirs.make(), 64)
    for (const depth of [1, 64, 65]) {
      chain.mine(80, 1)
      await followToHead(indexer)
      for (let i = 0; i < 12; i++) {
        chain.mine(7, 1)
        await followToHead(indexer)
      }
      chain.reorganise(depth, 1)
      await followToHead(indexer)
      expect(indexer.cursor?.block).to.equal(chain.head)
      expect(await rowsOf(store), `depth ${depth}`).to.deep.equal(await freshRows(chain, dirs.make()))
    }
    expect((await store.range({ prefix: 'un:', limit: 1_000 })).length, 'undo records are dropped').to.be.below(70)
    await store.close()
  })

  it('waits for an endpoint that lags behind another', async () => {
    const [ahead, behind] = [new FakeChain(4), new FakeChain(4)]
    ahead.mine(100)
    behind.mine(90)
    const dir = dirs.make()
    const first = await openIndex(ahead, dir)
    await followToHead(first.indexer)
    await first.store.close()
    const second = await openIndex(behind, dir)
    expect(await second.indexer.step()).to.equal('idle')
    expect(second.indexer.cursor?.block).to.equal(100)
    await second.store.close()
  })

  it('counts nothing twice after writes that failed and were stored all the same', async () => {
    const seed = Number(process.env['SEED'] ?? 8)
    const chain = new FakeChain(seed)
    const random = randomOf(seed + 1)
    chain.mine(150)
    const { store, indexer } = await openIndex(chain, dirs.make(), 64, doubtful(random, 5))
    let failed = 0
    for (let i = 0; i < 120; i++) {
      chain.spanMax = 1 + Math.floor(random() * 16)
      await indexer.step().catch((error) => {
        expect(error).to.have.property('code', 'STORE_DOWN')
        failed++
      })
      if (random() < 0.3) chain.mine(3)
      if (random() < 0.2) chain.reorganise(1 + Math.floor(random() * 60))
    }
    expect(failed, `SEED=${seed}`).to.be.above(5)
    chain.spanMax = 16
    for (let idle = 0; idle < 3; ) if ((await indexer.step().catch(() => 'failed')) === 'idle') idle++
    expect(await rowsOf(store), `SEED=${seed}`).to.deep.equal(await freshRows(chain, dirs.make()))
    await store.close()
  })

  it('refuses the folder of another ledger', async () => {
    const chain = new FakeChain(5)
    const dir = dirs.make()
    const { store } = await openIndex(chain, dir)
    await store.batch([{ put: keys.binding, value: new TextEncoder().encode('"1:0x:1"') }])
    await store.close()
    await openIndex(chain, dir).then(
      () => expect.fail('another ledger was taken'),
      (error) => expect(error).to.have.property('code', 'CONFIG')
    )
  })

  it('of another version is made again, receipts and all, also when that is cut off', async () => {
    const chain = new FakeChain(9)
    chain.mine(30)
    const dir = dirs.make()
    const old = await openIndex(chain, dir)
    await followToHead(old.indexer)
    await old.store.batch([
      { put: keys.format, value: encodeJson(1) },
      { put: keys.served('all'), value: encodeJson({}) }
    ])
    await old.store.close()
    const cut = (store: IndexStore): IndexStore => {
      let writes = 0
      return { ...store, batch: async (batch) => (writes++ === 0 ? store.batch(batch) : Promise.reject(new PowerCut())) }
    }
    await openIndex(chain, dir, 64, cut).then(
      () => expect.fail('it was made again in one write'),
      (error) => expect(error).to.be.instanceOf(PowerCut)
    )
    const { store, indexer } = await openIndex(chain, dir)
    expect(indexer.cursor).to.equal(null)
    await followToHead(indexer)
    expect(await rowsOf(store)).to.deep.equal(await freshRows(chain, dirs.make()))
    await store.close()
  })

  it('that is made again after a deep reorganisation keeps its receipts', async () => {
    const chain = new FakeChain(10)
    chain.mine(90)
    const { store, indexer } = await openIndex(chain, dirs.make(), 8)
    await followToHead(indexer)
    await store.batch([{ put: keys.served('all'), value: encodeJson({ receipts: 1 }) }])
    chain.reorganise(80)
    await followToHead(indexer)
    expect(decodeJson((await store.get(keys.served('all')))!)).to.deep.equal({ receipts: 1 })
    await store.close()
  })

  it('cut off at random while it fills up and the chain is reorganised, equals a fresh index', async () => {
    const seed = Number(process.env['SEED'] ?? 7)
    const chain = new FakeChain(seed)
    const random = randomOf(seed + 1)
    const dir = dirs.make()
    chain.spanMax = 16
    chain.mine(150)
    let cuts = 0
    for (let run = 0; run < 24; run++) {
      const { store, indexer } = await openIndex(chain, dir, 64, dying(random, 6)).catch((error) => {
        if (error instanceof PowerCut) return { store: null, indexer: null }
        throw error
      })
      if (store === null || indexer === null) continue
      try {
        for (let i = 0; i < 20; i++) {
          await indexer.step()
          if (random() < 0.3) chain.mine(3)
          if (random() < 0.2) chain.reorganise(1 + Math.floor(random() * 60))
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error
        cuts++
      }
      await store.close()
    }
    expect(cuts, `SEED=${seed}`).to.be.above(5)
    const { store, indexer } = await openIndex(chain, dir)
    await followToHead(indexer)
    expect(await rowsOf(store), `SEED=${seed}`).to.deep.equal(await freshRows(chain, dirs.make()))
    await store.close()
  })
})

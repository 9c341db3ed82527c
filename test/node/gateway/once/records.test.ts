import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { memoryRecords, type OnceRecord, storeRecords } from '../../../../node/gateway/once/records.ts'

const record = (untilMs: number): OnceRecord => {
  return { body: 'b', sessions: ['h'], promptTokens: [3], id: 'chatcmpl-1', created: 1, untilMs }
}
const rows = async (store: ReturnType<typeof memoryStore>): Promise<string[]> => {
  const keys: string[] = []
  for await (const [key] of store.list('once/')) keys.push(key)
  return keys
}

describe('gateway records of Idempotency-Keys', () => {
  it('are forgotten when their time is over or they are dropped', async () => {
    for (const records of [memoryRecords(), storeRecords(memoryStore())]) {
      await records.put('k', record(100), 0)
      expect(await records.get('k', 99)).to.deep.equal(record(100))
      expect(await records.get('k', 100)).to.equal(undefined)
      await records.drop('k')
      expect(await records.get('k', 0)).to.equal(undefined)
    }
  })

  it('in memory the oldest give way', async () => {
    const records = memoryRecords(2)
    for (const key of ['a', 'b', 'c']) await records.put(key, record(100), 0)
    expect([await records.get('a', 0), (await records.get('c', 0))?.body]).to.deep.equal([undefined, 'b'])
  })

  it('in a store the old are swept away, with what cannot be read', async () => {
    const store = memoryStore()
    const first = storeRecords(store)
    await first.put('a', record(100), 0)
    await first.put('b', record(9e9), 10)
    await store.batch([{ put: 'once/c', value: Buffer.from('{') }])
    expect(await first.get('c', 0)).to.equal(undefined)
    expect(await rows(store)).to.have.length(3)
    await storeRecords(store).put('d', record(9e9), 200)
    expect(await rows(store)).to.deep.equal(['once/b', 'once/d'])
  })
})

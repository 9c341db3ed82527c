import { expect } from 'chai'
import type { StoreWrite } from 'openseam/components'
import { WriteQueue } from 'openseam/session/write-queue'
import { codeOfRejection, flakyStore, settle } from './support.ts'

const row = (name: string): StoreWrite[] => [{ put: name, value: new Uint8Array(1) }]
const namesOf = (store: ReturnType<typeof flakyStore>): string[] =>
  store.batches.map(({ writes }) => writes.map((write) => ('put' in write ? write.put : write.del)).join())

describe('write queue', () => {
  it('keeps the order in which writes were asked for, also while the first is still being sealed', async () => {
    const store = flakyStore()
    const queue = new WriteQueue(store)
    const sealing = Promise.withResolvers<StoreWrite[]>()
    const first = queue.write(sealing.promise)
    const second = queue.write(row('second'))
    await settle()
    expect(namesOf(store)).to.deep.equal([])
    sealing.resolve(row('first'))
    await Promise.all([first, second])
    expect(namesOf(store)).to.deep.equal(['first', 'second'])
  })

  it('a write that fails is told to whoever asked, and holds nobody up', async () => {
    const store = flakyStore()
    const queue = new WriteQueue(store)
    store.failing = true
    const failed = codeOfRejection(queue.write(row('first')))
    expect(await failed).to.contain('the disk is full')
    store.failing = false
    expect(await codeOfRejection(queue.write(Promise.reject(new Error('cannot seal'))))).to.contain('cannot seal')
    await queue.write(row('second'))
    expect(namesOf(store)).to.deep.equal(['second'])
  })

  it('is settled when everything asked for is on disk', async () => {
    const store = flakyStore()
    const queue = new WriteQueue(store)
    for (const name of ['a', 'b', 'c']) void queue.write(row(name))
    await queue.settled
    expect(namesOf(store)).to.deep.equal(['a', 'b', 'c'])
  })
})

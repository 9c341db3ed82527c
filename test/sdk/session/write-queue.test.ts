import { expect } from 'chai'
import type { SharedStore, SharedWrite, StoreWrite } from 'openseam/components'
import { WriteQueue } from 'openseam/session/write-queue'
import { sharedMemoryStore } from '../../node/lib/shared-memory-store.ts'
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

  it('hands a shared store what comes next while it commits: that keeps the order itself', async () => {
    const commits: PromiseWithResolvers<void>[] = []
    const handed: SharedWrite[][] = []
    const store: SharedStore = {
      ...sharedMemoryStore(),
      batch: (writes) => {
        handed.push(writes)
        const commit = Promise.withResolvers<void>()
        commits.push(commit)
        return commit.promise
      }
    }
    const queue = new WriteQueue(store)
    const sealing = Promise.withResolvers<StoreWrite[]>()
    const results = [
      queue.write(sealing.promise),
      queue.write(row('second')),
      queue.write(Promise.reject(new Error('cannot seal')))
    ]
    const codes = Promise.all(results.map(codeOfRejection))
    await settle()
    expect(handed).to.deep.equal([])
    sealing.resolve(row('first'))
    await settle()
    expect(handed).to.deep.equal([row('first'), row('second')])
    let settled = false
    void queue.settled.then(() => (settled = true))
    commits[1]?.resolve()
    await settle()
    expect(settled).to.equal(false)
    commits[0]?.reject(new Error('the server is away'))
    await settle()
    expect(settled).to.equal(true)
    expect((await codes).map((code) => code.replace('Error: ', ''))).to.deep.equal(['the server is away', 'none', 'cannot seal'])
  })
})

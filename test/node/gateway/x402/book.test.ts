/** Money that came in is either credit, in an open payment, or spent; and one payment is taken once. */
import { expect } from 'chai'
import fc from 'fast-check'
import { memoryStore, type Store } from 'openseam/components'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { CreditBook } from '../../../../node/gateway/x402/book.ts'

const payer = (i: number): Address => `0x${i.toString(16).padStart(40, '0')}`
const hash = (i: number): Bytes32 => `0x${i.toString(16).padStart(64, '0')}`

const kept = (wei: bigint, amount: bigint): bigint => {
  if (wei < amount) return wei
  return amount
}

describe('credit book', () => {
  it('takes a deposit once, however often and in how many ways at once it is shown', async () => {
    const book = new CreditBook(memoryStore())
    await Promise.all([1, 1, 1, 2].map((i) => book.deposit(hash(i), payer(1), 100n)))
    expect(await book.credit(payer(1))).to.equal(200n)
    expect(await book.credit(payer(2))).to.equal(0n)
  })

  it('takes a payment once, also of two at the same time, and none that the credit does not cover', async () => {
    const book = new CreditBook(memoryStore())
    await book.deposit(hash(1), payer(1), 100n)
    const pay = (digest: number, amount: bigint) => book.open({ digest: hash(digest), payer: payer(1), amount }, 1_000)
    expect(await Promise.all([pay(1, 60n), pay(1, 60n), pay(2, 60n)])).to.deep.equal(['open', 'used', 'short'])
    expect(await book.close(hash(1), 10n)).to.equal(90n)
    expect(await book.close(hash(1), 10n)).to.equal(0n)
    expect(await pay(1, 60n)).to.equal('used')
    expect(await pay(2, 60n)).to.equal('open')
    expect(await book.credit(payer(1))).to.equal(30n)
    expect(await book.close(hash(2), 1_000n)).to.equal(30n) // never more than was signed
  })

  it('remembers over a restart what was used, what is open and for which sessions', async () => {
    const store = memoryStore()
    const before = new CreditBook(store)
    expect(await before.since(async () => 7)).to.equal(7)
    await before.deposit(hash(1), payer(1), 100n)
    await before.open({ digest: hash(9), payer: payer(1), amount: 40n }, 1_000)
    await before.begun(hash(9), 's_one')
    const after = new CreditBook(store)
    expect(await after.since(async () => 900)).to.equal(7)
    expect(await after.unfinished()).to.deep.equal([{ digest: hash(9), payer: payer(1), amount: 40n, sessions: ['s_one'] }])
    expect(await after.open({ digest: hash(9), payer: payer(1), amount: 40n }, 1_000)).to.equal('used')
    expect(await after.close(hash(9), 15n)).to.equal(85n)
    expect(await after.unfinished()).to.deep.equal([])
  })

  it('writes before it answers: a store that cannot keep a payment lets none through', async () => {
    const store = memoryStore()
    const book = new CreditBook(store)
    await book.deposit(hash(1), payer(1), 100n)
    const full: Store = { ...store, batch: () => Promise.reject(new Error('disk full')) }
    const broken = new CreditBook(full)
    expect(
      await broken.open({ digest: hash(2), payer: payer(1), amount: 1n }, 1_000).catch((error: Error) => error.message)
    ).to.equal('disk full')
    expect(await book.credit(payer(1))).to.equal(100n)
  })

  it('forgets only marks that have long been void', async () => {
    const store = memoryStore()
    const book = new CreditBook(store)
    await book.deposit(hash(1), payer(1), 2n)
    await book.open({ digest: hash(2), payer: payer(1), amount: 1n }, 1_000)
    await book.open({ digest: hash(3), payer: payer(1), amount: 1n }, 200_000)
    for (let i = 0; i < 1_000; i++) await book.prune(200_000)
    const marks: string[] = []
    for await (const [key] of store.list('x4:used:')) marks.push(key)
    expect(marks).to.have.length(1)
    expect(marks[0]).to.match(/200000/)
  })

  it('loses and makes no wei over random days', async () => {
    const step = fc.record({ kind: fc.constantFrom('deposit', 'open', 'close'), i: fc.nat(5), wei: fc.bigInt(0n, 50n) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const book = new CreditBook(memoryStore())
        let put = 0n
        let spent = 0n
        const open = new Map<number, bigint>()
        const seen = new Set<number>()
        for (const [at, { kind, i, wei }] of steps.entries()) {
          if (kind === 'deposit') {
            await book.deposit(hash(at), payer(1), wei)
            put += wei
          } else if (kind === 'open') {
            const outcome = await book.open({ digest: hash(i), payer: payer(1), amount: wei }, 1_000)
            if (seen.has(i)) expect(outcome).to.equal('used')
            if (outcome === 'open') open.set(i, wei)
            if (outcome === 'open') seen.add(i)
          } else {
            await book.close(hash(i), wei)
            const amount = open.get(i)
            if (amount !== undefined) spent += kept(wei, amount)
            open.delete(i)
          }
        }
        const held = [...open.values()].reduce((sum, amount) => sum + amount, 0n)
        expect((await book.credit(payer(1))) + held + spent).to.equal(put)
      }),
      { numRuns: 60 }
    )
  })
})

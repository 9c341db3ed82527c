import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import type { Address } from 'openseam/protocol/eth'
import { Accounts, type Position } from '../../../node/provider/accounts.ts'
import { clientSigner, codeOfRejection, legOpen, modelId, receiptsOf, TestClock } from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from '../settle/support.ts'

const client = clientSigner.account
const other: Address = `0x${'22'.repeat(20)}`
const newKey: Address = `0x${'33'.repeat(20)}`

const onChain = (changes: Partial<Position> = {}): Position => ({
  account: { signer: client, balance: 1_000n },
  exit: { amount: 0n, readyAt: 0 },
  oldKey: { signer: null, validUntil: 0 },
  channel: { settled: 5n },
  releaseAt: 0,
  left: 40n,
  ...changes
})

const setup = async (store = memoryStore()) => {
  const chain = { position: onChain(), down: false, hangs: false, reads: 0 }
  const clock = new TestClock()
  const { legs, book } = await booksOver(store)
  const read = async (): Promise<Position> => {
    chain.reads += 1
    if (chain.down) throw new Error('no answer')
    if (chain.hangs) await new Promise(() => undefined)
    return chain.position
  }
  const accounts = new Accounts({ read, book, store, clock, log: silentLog })
  await accounts.load()
  return { accounts, chain, clock, book, legs, store }
}

describe('accounts', () => {
  it('a client never seen: what the chain says, nothing signed', async () => {
    const { accounts } = await setup()
    expect(await accounts.view(client, modelId)).to.deep.equal({
      balance: 1_000n,
      left: 40n,
      settled: 5n,
      signed: 5n,
      exitPending: false,
      known: false,
      openLegs: 0,
      unpaidLegs: 0,
      unpaid: 0n,
      lent: 0n,
      lentToAll: 0n
    })
  })

  it('C6: a rotated key opens nothing once its vouchers might come too late, and a release counts as gone at once', async () => {
    const { accounts, chain, clock } = await setup()
    const marginMs = 10_000
    const validUntil = Math.ceil(clock.nowMs() / 1000) + 60
    chain.position = onChain({ account: { signer: newKey, balance: 0n }, oldKey: { signer: client, validUntil }, releaseAt: 1 })
    expect(await accounts.signersOf(client, modelId, false, marginMs)).to.deep.equal([newKey, client])
    expect(await accounts.view(client, modelId)).to.include({ left: 0n })
    await clock.advance(validUntil * 1000 - marginMs - clock.nowMs() - 1)
    expect(await accounts.signersOf(client, modelId, false, marginMs)).to.deep.equal([newKey, client])
    await clock.advance(1)
    expect(await accounts.signersOf(client, modelId, false, marginMs)).to.deep.equal([newKey])
    expect(await accounts.signersOf(client, modelId)).to.deep.equal([newKey, client]) // the ledger would still pay
  })

  it('the newest voucher counts, settled or not, and makes the client known', async () => {
    const { accounts, legs, book } = await setup()
    const open = legOpen()
    await legs.open(rowOf(open), new TestLeg(10))
    const receipts = receiptsOf(open, [10])
    await book.accept(ackOf([], receipts), client)
    expect(await accounts.view(client, modelId)).to.include({ known: true, signed: receipts[0]!.amount, settled: 5n })
  })

  it('what is lent to one client adds up over its legs, and goes when a leg ends', async () => {
    const { accounts } = await setup()
    accounts.lend(client, 'a', 10n)
    accounts.lend(client, 'b', 7n)
    accounts.lend(other, 'c', 100n)
    expect(await accounts.view(client, modelId)).to.include({ openLegs: 2, lent: 17n, lentToAll: 117n })
    accounts.repaid(client, 'a')
    accounts.repaid(client, 'a')
    expect(await accounts.view(client, modelId)).to.include({ openLegs: 1, lent: 7n })
    accounts.repaid(client, 'b')
    expect(await accounts.view(client, modelId)).to.include({ openLegs: 0, lent: 0n })
    expect(await accounts.view(other, modelId)).to.include({ lent: 100n })
  })

  it('an unpaid leg is remembered over a restart; paying it later clears the debt, not the record', async () => {
    const { accounts, store } = await setup()
    await accounts.unpaid(client, 'a', 10n)
    await accounts.unpaid(client, 'b', 7n)
    const back = (await setup(store)).accounts
    expect(await back.view(client, modelId)).to.include({ unpaid: 17n, unpaidLegs: 2 })
    await back.settledUp(client, 'a')
    await back.settledUp(client, 'never owed')
    await back.settledUp(other, 'a')
    const later = (await setup(store)).accounts
    expect(await later.view(client, modelId)).to.include({ unpaid: 7n, unpaidLegs: 2 })
    expect(await later.view(other, modelId)).to.include({ unpaid: 0n, unpaidLegs: 0 })
  })

  it('reads the chain at most every five seconds, and anew after a settlement', async () => {
    const { accounts, chain, clock } = await setup()
    const read = () => accounts.position(client, modelId, true)
    await read()
    await clock.advance(4_999)
    await read()
    expect(chain.reads).to.equal(1)
    await clock.advance(1)
    await read()
    expect(chain.reads).to.equal(2)
    accounts.refresh()
    await read()
    expect(chain.reads).to.equal(3)
  })

  it('who is in a hurry gets what was read last, and the next one what is read behind it', async () => {
    const { accounts, chain, clock } = await setup()
    await accounts.position(client, modelId)
    await clock.advance(5_000)
    chain.position = onChain({ left: 41n })
    expect((await accounts.position(client, modelId)).left).to.equal(40n)
    await clock.advance(0)
    expect((await accounts.position(client, modelId)).left).to.equal(41n)
    expect(chain.reads).to.equal(2)
  })

  it('a chain that is away: lends on what was read last, refuses whom it never read', async () => {
    const { accounts, chain, clock } = await setup()
    await accounts.position(client, modelId)
    chain.down = true
    await clock.advance(3_600_000)
    for (const fresh of [true, false]) expect((await accounts.view(client, modelId, fresh)).balance).to.equal(1_000n)
    expect(await codeOfRejection(accounts.view(other, modelId))).to.equal('CHAIN_DOWN')
  })

  it('a chain that does not answer holds nobody up for long', async () => {
    const { accounts, chain, clock } = await setup()
    await accounts.position(client, modelId)
    chain.hangs = true
    await clock.advance(5_000)
    const known = accounts.position(client, modelId, true)
    const unknown = codeOfRejection(accounts.position(other, modelId))
    await clock.advance(4_000)
    expect((await known).account.balance).to.equal(1_000n)
    expect(await unknown).to.equal('CHAIN_DOWN')
  })

  it('asks once for an account, however many wait for it', async () => {
    const { accounts, chain } = await setup()
    await Promise.all([1, 2, 3].map(() => accounts.position(client, modelId)))
    expect(chain.reads).to.equal(1)
  })

  it('reads ahead for whom others name, and not for all that anybody can name', async () => {
    const { accounts, chain, clock } = await setup()
    accounts.foresee(client, modelId)
    accounts.foresee(client, modelId)
    await clock.advance(0)
    expect(chain.reads).to.equal(1)
    await accounts.position(client, modelId)
    accounts.foresee(client, modelId)
    expect(chain.reads).to.equal(1)
    for (let i = 0; i < 1_000; i++) accounts.foresee(`0x${i.toString(16).padStart(40, '0')}`, modelId)
    expect(chain.reads).to.be.within(10, 20)
    await clock.advance(1_000)
    accounts.foresee(other, modelId)
    expect(chain.reads).to.be.within(11, 21)
    await accounts.view(newKey, modelId) // who opens a leg is read whatever was foreseen
    expect(chain.reads).to.be.within(12, 22)
  })

  it('a prefund that is being released is not counted on', async () => {
    const { accounts, chain } = await setup()
    chain.position = onChain({ releaseAt: 1_900_000_000 })
    expect(await accounts.view(client, modelId)).to.include({ left: 0n, balance: 1_000n })
  })

  it('a key that was replaced signs until its time is over', async () => {
    const { accounts, chain, clock } = await setup()
    chain.position = onChain({
      account: { signer: newKey, balance: 1n },
      oldKey: { signer: client, validUntil: clock.nowMs() / 1000 + 60 }
    })
    expect(await accounts.signersOf(client, modelId, true)).to.deep.equal([newKey, client])
    expect(await accounts.signersOf(client, modelId, true, 60_000), 'nothing that lasts longer').to.deep.equal([newKey])
    await clock.advance(60_000)
    expect(await accounts.signersOf(client, modelId, true)).to.deep.equal([newKey])
    chain.position = onChain({ account: { signer: null, balance: 0n } })
    accounts.refresh()
    expect(await accounts.signersOf(client, modelId, true)).to.deep.equal([])
  })
})

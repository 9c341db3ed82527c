import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { type Bytes32, bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { RECEIPTS_PER_ACK_MAX } from 'openseam/protocol/limits'
import { digest, EndReason, recoverTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import { localSigner } from 'openseam/session/wallet'
import {
  clientSigner,
  codeOfRejection,
  domain,
  flakyStore,
  hash,
  key,
  legOpen,
  modelId,
  provider,
  receiptsOf
} from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const open = legOpen()
const all = receiptsOf(open, [10, 5, 8, 3])
const [first, second, third] = all as [WorkReceipt, WorkReceipt, WorkReceipt]
const client = clientSigner.account
const digestOf = (receipt: WorkReceipt): Bytes32 => bytesToHex(digest(domain, 'WorkReceipt', receipt))

const setup = async (store = flakyStore()) => {
  const { legs, book, receipts } = await booksOver(store)
  const live = new TestLeg(26)
  await legs.open(rowOf(open), live)
  const total = (): bigint => book.channel(modelId, client)?.newest?.voucher.cumulative ?? 0n
  return { store, legs, book, receipts, live, total }
}

describe('voucher book of the provider', () => {
  it('stores, then signs every receipt appended', async () => {
    const { book, store, live, total } = await setup()
    const reply = await book.accept(ackOf([], [first, second]), client)
    expect(bytesToHex(reply.modelId)).to.equal(modelId)
    expect(reply.count).to.equal(2)
    expect(reply.signatures.map((signature, i) => recoverTyped(domain, 'WorkReceipt', all[i]!, signature))).to.deep.equal([
      provider,
      provider
    ])
    expect(total()).to.equal(first.amount + second.amount)
    const kept = store.batches.find(({ writes }) => writes.some((write) => 'put' in write && write.put.startsWith('ch:')))
    expect(kept?.durable).to.equal(true)
    expect(live.acknowledgements.map((row) => row.ackedTo)).to.deep.equal([15])
  })

  it('goes on from where it was, and hands out the receipts as stored', async () => {
    const { book, receipts, total } = await setup()
    await book.accept(ackOf([], [first]), client)
    await book.accept(ackOf([first], [second, third]), client)
    expect(total()).to.equal(first.amount + second.amount + third.amount)
    const stored = await Promise.all([0, 1, 2, 3].map((index) => receipts.at({ modelId, client }, index)))
    expect(stored.map((kept) => kept?.receipt)).to.deep.equal([first, second, third, undefined])
  })

  it('a repeat changes nothing, also when it overlaps what is new', async () => {
    const { book, total } = await setup()
    await book.accept(ackOf([], [first, second]), client)
    const again = await book.accept(ackOf([], [first, second]), client)
    expect(again.count).to.equal(2)
    expect(total()).to.equal(first.amount + second.amount)
    expect((await book.accept(ackOf([], [first, second, third]), client)).count).to.equal(3)
    expect(total()).to.equal(first.amount + second.amount + third.amount)
  })

  const refusals: [name: string, code: string, ack: () => ReturnType<typeof ackOf>, from?: string][] = [
    ['a gap', 'VOUCHER_MISSING', () => ackOf([first, second], [third])],
    ['less than is stored', 'VOUCHER_REGRESSED', () => ackOf([], [])],
    ['another signer', 'VOUCHER_SIGNATURE', () => ackOf([first], [second], localSigner(key('thief')))],
    ['another account', 'VOUCHER_SIGNATURE', () => ackOf([first], [second]), localSigner(key('thief')).account],
    ['another root', 'VOUCHER_AMOUNT', () => changed({ workRoot: key('root') })],
    ['a smaller total', 'VOUCHER_AMOUNT', () => changed({ cumulative: Uint8Array.of(1) })],
    ['other units', 'VOUCHER_AMOUNT', () => changed({ units: 14 })],
    ['another provider', 'VOUCHER_SIGNATURE', () => changed({ provider: hexToBytes(client, 20) })],
    ['a broken signature', 'VOUCHER_SIGNATURE', () => changed({ signature: new Uint8Array(65) })],
    ['a short signature', 'WIRE_MALFORMED', () => changed({ signature: new Uint8Array(64) })],
    ['no voucher', 'WIRE_MALFORMED', () => ({ ...ackOf([first], [second]), voucher: undefined })],
    [
      'too many receipts',
      'WIRE_TOO_LONG',
      () => ({ ...ackOf([first], [second]), appended: new Array(RECEIPTS_PER_ACK_MAX + 1).fill(ackOf([], [second]).appended[0]) })
    ],
    ['work that was not done', 'RECEIPT_MISMATCH', () => ackOf([first], [{ ...second, amount: second.amount - 1n }])],
    ['an order that was not the one served', 'RECEIPT_MISMATCH', () => ackOf([first], [third, second])]
  ]
  const changed = (fields: object) => {
    const ack = ackOf([first], [second])
    return { ...ack, voucher: { ...ack.voucher!, ...fields } }
  }
  for (const [name, code, ack, from] of refusals) {
    it(`refuses ${name}, and stays as it was`, async () => {
      const { book, store, live, total } = await setup()
      await book.accept(ackOf([], [first]), client)
      const batches = store.batches.length
      expect(await codeOfRejection(book.accept(ack(), (from ?? client) as typeof client))).to.equal(code)
      expect(total()).to.equal(first.amount)
      expect(store.batches).to.have.length(batches)
      expect(live.acknowledgements).to.have.length(1)
      expect((await book.accept(ackOf([first], [second]), client)).count).to.equal(2)
    })
  }

  it('advances nothing when the disk does not take it, and takes the same one later', async () => {
    const { book, store, legs, live, total } = await setup()
    await book.accept(ackOf([], [first]), client)
    store.failing = true
    const refused = codeOfRejection(book.accept(ackOf([first], [second]), client))
    expect(await refused).to.contain('the disk is full')
    expect(total()).to.equal(first.amount)
    expect(live.acknowledgements).to.have.length(1)
    expect((await legs.row(open.sessionId, open.leg))?.ackedTo).to.equal(10)
    store.failing = false
    expect((await book.accept(ackOf([first], [second]), client)).count).to.equal(2)
    expect(live.acknowledgements.at(-1)?.ackedTo).to.equal(15)
  })

  it('tells nobody of a voucher before it is on disk', async () => {
    const inner = memoryStore()
    const gate = Promise.withResolvers<void>()
    let held = false
    const store = {
      ...inner,
      batch: async (...args: Parameters<typeof inner.batch>) =>
        (held ? gate.promise : Promise.resolve()).then(() => inner.batch(...args))
    }
    const { legs, book } = await booksOver(store)
    const live = new TestLeg(26)
    await legs.open(rowOf(open), live)
    held = true
    let answered = false
    let heard = 0
    book.onVoucher(() => (heard += 1))
    const reply = book.accept(ackOf([], [first]), client).then(() => (answered = true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([answered, heard, live.acknowledgements.length, book.channels().length]).to.deep.equal([false, 0, 0, 0])
    gate.resolve()
    await reply
    expect([heard, live.acknowledgements.length, book.channels().length]).to.deep.equal([1, 1, 1])
  })

  it('takes acknowledgements in the order they came, however many are under way', async () => {
    const { book, total } = await setup()
    const replies = await Promise.all(all.map((receipt, i) => book.accept(ackOf(all.slice(0, i), [receipt]), client)))
    expect(replies.map((reply) => reply.count)).to.deep.equal([1, 2, 3, 4])
    expect(total()).to.equal(all.reduce((sum, { amount }) => sum + amount, 0n))
  })

  it('comes back from disk with every channel, and says what it has', async () => {
    const { book, store } = await setup()
    await book.accept(ackOf([], [first, second]), client)
    const again = await booksOver(store)
    const state = again.book.state(client, [modelId, hash('another model')])
    expect(state).to.deep.equal(book.state(client, [modelId, hash('another model')]))
    expect(state.channels[0]?.newest).to.deep.equal(ackOf([], [first, second]).voucher)
    expect(state.channels[1]?.newest).to.equal(undefined)
    expect((await again.book.accept(ackOf([first, second], [third]), client)).count).to.equal(3)
  })

  it('takes the closing receipt of a leg of an earlier run', async () => {
    const { book, store } = await setup()
    await book.accept(ackOf([], [first]), client)
    const again = await booksOver(store)
    const closed: number[] = []
    again.legs.onClosed((row) => closed.push(row.ackedTo))
    await again.book.accept(ackOf([first], [{ ...second, end: EndReason.died }]), client)
    expect(closed).to.deep.equal([15])
  })

  it('after a restart a receipt with a fingerprint is payment alone: what it says was served can no longer be checked', async () => {
    const { book, store } = await setup()
    await book.accept(ackOf([], [first]), client)
    const again = await booksOver(store)
    const accusing = { ...second, fingerprint: hash('of anything') }
    const reply = await again.book.accept(ackOf([first], [accusing, third]), client)
    expect(reply.signatures.map(({ length }) => length)).to.deep.equal([0, 65])
    expect(again.book.channel(modelId, client)?.newest?.voucher.cumulative).to.equal(first.amount + second.amount + third.amount)
    const kept = await again.receipts.byHash(digestOf(accusing))
    expect([kept?.signature, kept?.receipt]).to.deep.equal(['0x', accusing])
  })

  it('a leg that its store knows nothing of is taken as payment and not signed', async () => {
    const { book, total } = await setup()
    const [stray] = receiptsOf(legOpen({ sessionId: hash('lost with the disk') }), [10])
    const reply = await book.accept(ackOf([], [stray!, first]), client)
    expect(reply.signatures.map(({ length }) => length)).to.deep.equal([0, 65])
    expect(total()).to.equal(stray!.amount + first.amount)
  })

  it('begins no channel under a model that is not served here and of which no leg was', async () => {
    const { book, store, legs } = await setup()
    const batches = store.batches.length
    for (let i = 0; i < 3; i++) {
      const made = hash(`made up ${i}`)
      const [stray] = receiptsOf(legOpen({ sessionId: hash(`session ${i}`), modelId: made }), [10])
      for (const receipts of [[], [stray!]])
        expect(await codeOfRejection(book.accept(ackOf([], receipts, clientSigner, made), client))).to.equal('MODEL_UNKNOWN')
    }
    expect([book.channels().length, store.batches.length]).to.deep.equal([0, batches])
    // A daemon that serves another model now is paid for the legs of the one before.
    const before = legOpen({ sessionId: hash('before'), modelId: hash('model before') })
    await legs.open(rowOf(before), new TestLeg(26))
    const [receipt] = receiptsOf(before, [10]) as [WorkReceipt]
    expect((await book.accept(ackOf([], [receipt], clientSigner, before.modelId), client)).count).to.equal(1)
    expect(book.channels()).to.have.length(1)
  })

  it('a leg that was never served is closed by a client that cannot know it, not by one that fills a disk with such', async () => {
    const { store, book } = await setup()
    const stray = (leg: number): WorkReceipt => {
      const [empty] = receiptsOf(legOpen({ sessionId: hash('never opened'), leg }), [0])
      return { ...empty!, end: EndReason.cancelled }
    }
    const running = { ...stray(0), end: EndReason.running }
    expect(await codeOfRejection(book.accept(ackOf([], [running]), client))).to.equal('RECEIPT_MISMATCH')
    const reply = await book.accept(ackOf([], [stray(0), first]), client)
    expect(reply.signatures.map(({ length }) => length)).to.deep.equal([0, 65])
    const taken = [stray(0), first, ...Array.from({ length: 64 }, (_, i) => stray(i + 1))] // 64, and one for the receipt that paid
    await book.accept(ackOf(taken.slice(0, 2), taken.slice(2)), client)
    for (const again of [book, (await booksOver(store)).book])
      expect(await codeOfRejection(again.accept(ackOf(taken, [stray(65)]), client))).to.equal('RECEIPT_MISMATCH')
    expect((await book.accept(ackOf(taken, [second, stray(65)]), client)).count).to.equal(68)
  })
})

import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { EndReason, recoverTyped } from 'openseam/protocol/typed-data'
import { folderFence } from '../../../node/settle/sign-fence.ts'
import { clientSigner, domain, hash, legOpen, provider, receiptsOf } from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const place = { sessionId: hash('session'), leg: 3, seq: 7 }

describe('one signature a place', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'openseam-fence-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('a place belongs to the first receipt that claims it, and to that one again', async () => {
    const fence = folderFence(dir)
    expect(await fence.claim(place, hash('one'))).to.equal(true)
    expect(await fence.claim(place, hash('two'))).to.equal(false)
    expect(await folderFence(dir).claim(place, hash('one'))).to.equal(true)
    expect(await fence.claim({ ...place, seq: 8 }, hash('two'))).to.equal(true)
    expect(await fence.claim({ ...place, leg: 4 }, hash('two'))).to.equal(true)
    expect(readdirSync(join(dir, place.sessionId.slice(2, 4))).filter((name) => name.startsWith('.'))).to.deep.equal([])
  })

  it('of many processes that claim at once, one receipt wins every place', async () => {
    const PLACES = 40
    const children = await Promise.all(
      Array.from(
        { length: 4 },
        (_, who) =>
          new Promise<boolean[]>((resolve, reject) => {
            const child = fork(join(import.meta.dirname, 'fixtures/claim.ts'), [dir, String(who), String(PLACES)], {
              execArgv: ['--conditions=source']
            })
            child.once('message', (won) => resolve(won as boolean[]))
            child.once('error', reject)
            child.once('exit', (code) => code !== 0 && reject(new Error(`exit ${code}`)))
          })
      )
    )
    for (let at = 0; at < PLACES; at++) expect(children.filter((won) => won[at]).length, `place ${at}`).to.equal(1)
  })

  it('a fence that cannot be reached claims nothing', async () => {
    writeFileSync(join(dir, 'file'), '')
    const outcome = await folderFence(join(dir, 'file', 'below'))
      .claim(place, hash('one'))
      .catch((error) => error.code)
    expect(outcome).to.be.oneOf(['ENOTDIR', 'EEXIST'])
  })

  it('two replicas that part ways never sign two receipts for one place, and are both paid', async () => {
    const open = legOpen()
    const [first, second] = receiptsOf(open, [10, 5])
    const closing = { ...second!, to: 12, amount: 7n * 2n, end: EndReason.died }
    const signaturesOf = async (ack: ReturnType<typeof ackOf>) => {
      // A clone: the same account and key, a store of its own that holds the same leg.
      const { legs, book, receipts } = await booksOver(memoryStore(), folderFence(dir))
      await legs.open(rowOf(open), new TestLeg(26))
      legs.retire(open.sessionId, open.leg) // as after a restart: what was sent cannot be checked any more
      const reply = await book.accept(ack, clientSigner.account)
      expect(book.channels()).to.have.length(1)
      return { signatures: reply.signatures, receipts }
    }
    const one = await signaturesOf(ackOf([], [first!, second!]))
    const two = await signaturesOf(ackOf([], [first!, closing]))
    expect(one.signatures.map(({ length }) => length)).to.deep.equal([65, 65])
    expect(two.signatures.map(({ length }) => length)).to.deep.equal([65, 0])
    expect(recoverTyped(domain, 'WorkReceipt', second!, one.signatures[1]!)).to.equal(provider)
    // nor later, when somebody asks
    const kept = await two.receipts.at({ modelId: open.modelId, client: open.client }, 1)
    expect(kept?.receipt).to.deep.equal(closing)
    expect((await two.receipts.signatureOf(kept!)).length).to.equal(0)
  })

  it('while the fence is away vouchers count, and signatures are made up for', async () => {
    const open = legOpen()
    const [first] = receiptsOf(open, [10])
    let away = true
    const fence = folderFence(dir)
    const flaky = {
      claim: (...args: Parameters<typeof fence.claim>) => (away ? Promise.reject(new Error('away')) : fence.claim(...args))
    }
    const { legs, book, receipts } = await booksOver(memoryStore(), flaky)
    await legs.open(rowOf(open), new TestLeg(26))
    const reply = await book.accept(ackOf([], [first!]), clientSigner.account)
    expect([reply.count, reply.signatures[0]?.length]).to.deep.equal([1, 0])
    away = false
    const kept = await receipts.at({ modelId: open.modelId, client: open.client }, 0)
    expect(recoverTyped(domain, 'WorkReceipt', first!, await receipts.signatureOf(kept!))).to.equal(provider)
  })

  it('a copy of a home signs nothing for the legs of the one it was copied from, and is paid for them', async () => {
    const open = legOpen()
    const [first, second] = receiptsOf(open, [10, 5])
    const store = memoryStore()
    const { legs, book } = await booksOver(store)
    await legs.open(rowOf(open), new TestLeg(26))
    await book.accept(ackOf([], [first!]), clientSigner.account)
    const copy = await booksOver(store)
    await copy.legs.disown()
    const reply = await copy.book.accept(ackOf([first!], [second!]), clientSigner.account)
    expect([reply.count, reply.signatures[0]?.length]).to.deep.equal([2, 0])
    const next = legOpen({ leg: 1, from: 15 })
    await copy.legs.open(rowOf(next), new TestLeg(26))
    const [third] = receiptsOf(next, [5])
    const own = await copy.book.accept(ackOf([first!, second!], [third!]), clientSigner.account)
    expect(own.signatures[0]?.length).to.equal(65)
  })
})

import { expect } from 'chai'
import {
  batchLeaf,
  batchProof,
  CaseState,
  type Challenge,
  CourtClient,
  domainOf,
  RegistryClient,
  readBatches,
  Sender,
  transfer,
  walletFromHex
} from 'openseam/chain/index'
import { memoryStore, silentLog } from 'openseam/components'
import { parseOpen } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { type Bytes32, bytesToHex } from 'openseam/protocol/eth'
import { digest } from 'openseam/protocol/typed-data'
import { workLeaf, workProof } from 'openseam/protocol/work-tree'
import { fundedKeys } from '../../../node/devnet/chain.ts'
import { answerHash, Challenges, type ChallengesChain, type OpenedCase } from '../../../node/settle/challenges.ts'
import { challengesChain } from '../../../node/settle/challenges-chain.ts'
import { hash, TestClock } from '../../sdk/session/support.ts'
import { openChain, type Payer } from './kills/market.ts'
import { sellerOn } from './kills/seller.ts'
import { booksOver } from './support.ts'

const RECEIPTS = 3

describe('a challenge to what a provider was paid for', () => {
  const undo: (() => void)[] = []
  after(() => undo.reverse().forEach((step) => void step()))

  it('costs stake where nobody answers, and is answered by a daemon that looks, also one without its store', async function () {
    this.timeout(240_000)
    const chain = await openChain((step) => undo.push(step))
    const { rpc, deployment, provider } = chain
    const [payer] = chain.payers as [Payer]
    const seller = await sellerOn(chain)
    await seller.lend(payer)
    for (let count = 0; count < RECEIPTS; count++) {
      const { client, ack } = payer.next(count)
      await seller.book.accept(ack, client)
    }
    await seller.settler.settleNow()

    // The client holds its receipts; the rest of the proof is public.
    const [batch] = await readBatches(rpc, deployment, provider.address)
    const leaf = batch?.leaves?.[0]
    if (batch === undefined || leaf === undefined) expect.fail('no batch')
    const hashes = payer.receipts.map((receipt) => bytesToHex(digest(domainOf(deployment), 'WorkReceipt', receipt)))
    const sums = payer.receipts.map((_, i) => payer.receipts.slice(0, i + 1).reduce((sum, { amount }) => sum + amount, 0n))
    const leaves = hashes.map((one, i) => workLeaf(one, sums[i] as bigint))
    const challengeOf = (index: number): Challenge => ({
      receipt: payer.receipts[index] as Challenge['receipt'],
      cumAfter: sums[index] as bigint,
      index,
      workProof: workProof(leaves, index),
      from: leaf.from,
      to: leaf.to,
      units: leaf.units,
      workRoot: leaf.workRoot,
      batchProof: batchProof([batchLeaf(leaf)], 0),
      batch: batch.number,
      header: batch.header
    })
    await chain.as(payer.wallet)
    const accuser = new CourtClient(rpc, deployment, new Sender(rpc, payer.wallet.secretKey))
    const deployer = new Sender(rpc, walletFromHex(fundedKeys()[0] as string).secretKey)
    await transfer(deployer, deployment, payer.wallet.address, parseOpen('100'))
    const registry = new RegistryClient(rpc, deployment)
    const court = new CourtClient(rpc, deployment, new Sender(rpc, provider.secretKey))
    const accused = challengesChain({ court, registry, account: provider.address })
    const daemon = (receipts: (typeof seller)['receipts']): Challenges =>
      new Challenges({ chain: accused, receipts, clock: new TestClock(), log: silentLog })
    const opened = (): Promise<OpenedCase[]> => rpc.blockNumber().then((head) => accused.opened(accused.firstBlock, head))
    const present = daemon(seller.receipts)
    await present.look()
    expect(await opened()).to.deep.equal([])

    await accuser.open(challengeOf(0))
    await present.look()
    const first = (await opened())[0] as OpenedCase
    expect(first.receiptHash).to.equal(hashes[0])
    const kept = await seller.receipts.byHash(first.receiptHash)
    if (kept === undefined) expect.fail('the receipt is not kept')
    const answered = await court.caseOf(first.id)
    expect(answered.state).to.equal(CaseState.answered)
    expect(answered.answerHash).to.equal(answerHash(first.receiptHash, await seller.receipts.signatureOf(kept)))

    await accuser.open(challengeOf(1))
    const { receipts: empty } = await booksOver(memoryStore())
    await daemon(empty).look() // a new disk, and it has never looked before
    const second = (await opened())[1] as OpenedCase
    expect(await court.caseOf(second.id)).to.include({
      state: CaseState.answered,
      answerHash: answerHash(second.receiptHash, new Uint8Array(0))
    })
    await present.look()

    const stakeBefore = (await registry.provider(provider.address, { fresh: true })).stake
    await accuser.open(challengeOf(2))
    const third = (await opened())[2] as OpenedCase
    await rpc.send('evm_increaseTime', [86_400 + 1])
    await rpc.send('evm_mine')
    await accuser.timeOut(third.id)
    const { stake, openCases } = await registry.provider(provider.address, { fresh: true })
    expect(stake < stakeBefore, 'silence costs').to.equal(true)
    expect(openCases).to.equal(2)
    await present.look() // too late, and nothing breaks
    expect((await court.caseOf(third.id)).state).to.equal(CaseState.timedOut)
  })
})

describe('a provider that looks for challenges', () => {
  /** A court whose chain fails where it is told to. */
  const fake = async () => {
    const cases: (OpenedCase & { block: number; waiting: boolean })[] = []
    const reads: [number, number][] = []
    const failing = { head: false, respond: new Set<Bytes32>() }
    let head = 1_000
    const chain: ChallengesChain = {
      firstBlock: 10,
      head: async () => {
        if (failing.head) throw new SeamError('CHAIN_DOWN', 'away')
        return head
      },
      openCases: async () => cases.filter(({ waiting }) => waiting).length,
      opened: async (from, to) => {
        reads.push([from, to])
        return cases.filter(({ block }) => block >= from && block <= to)
      },
      isWaiting: async (id) => cases.find((one) => one.id === id)?.waiting === true,
      respond: async (id) => {
        if (failing.respond.has(id)) throw new SeamError('CHAIN_TIMEOUT', 'not mined')
        for (const one of cases) if (one.id === id) one.waiting = false
      }
    }
    const { receipts } = await booksOver(memoryStore())
    const clock = new TestClock()
    const challenges = new Challenges({ chain, receipts, clock, log: silentLog })
    const open = (name: string): (typeof cases)[number] => {
      const one = { id: hash(name), receiptHash: hash(`receipt of ${name}`), block: ++head, waiting: true }
      cases.push(one)
      return one
    }
    return { challenges, clock, open, reads, failing, pass: (blocks: number) => (head += blocks) }
  }

  it('reads no logs as long as the registry counts no case', async () => {
    const { challenges, reads, pass, open } = await fake()
    await challenges.look()
    pass(100_000)
    await challenges.look()
    expect(reads).to.deep.equal([])
    const one = open('one')
    await challenges.look()
    expect(one.waiting).to.equal(false)
    expect(reads).to.have.length(1)
    expect(reads[0]?.[0], 'only what came since').to.be.greaterThan(100_000)
  })

  it('one that cannot be answered stops no other, and is tried again', async () => {
    const { challenges, failing, open, pass } = await fake()
    const [one, two] = [open('one'), open('two')]
    failing.respond.add(one.id)
    await challenges.look()
    expect([one.waiting, two.waiting]).to.deep.equal([true, false])
    pass(10_000)
    failing.respond.clear()
    await challenges.look()
    expect(one.waiting).to.equal(false)
  })

  it('an answer that a reorganisation took back is given again', async () => {
    const { challenges, open, pass } = await fake()
    const one = open('one')
    await challenges.look()
    one.waiting = true
    pass(30)
    await challenges.look()
    expect(one.waiting).to.equal(false)
  })

  it('keeps looking while the chain comes and goes, and ends with its signal', async () => {
    const { challenges, clock, open, failing } = await fake()
    const stop = new AbortController()
    failing.head = true
    const running = challenges.run(stop.signal)
    await clock.advance(60_000)
    const one = open('one')
    failing.head = false
    await clock.advance(60_000)
    expect(one.waiting).to.equal(false)
    stop.abort()
    await running
  })
})

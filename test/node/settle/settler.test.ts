import { expect } from 'chai'
import { memoryStore, silentLog } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { SETTLE_EVERY_MS, SETTLE_ITEMS_MAX } from 'openseam/protocol/limits'
import type { WorkReceipt } from 'openseam/protocol/typed-data'
import { type SettleItem, Settler, type SettlerOptions } from '../../../node/settle/settler.ts'
import type { ChannelRow, VoucherBook } from '../../../node/settle/voucher-book.ts'
import {
  clientSigner,
  codeOfRejection,
  hash,
  legOpen,
  modelId,
  receiptsOf,
  settle,
  TestClock
} from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const open = legOpen({ maxTo: 100_000 })
const receipts = receiptsOf(open, new Array(20).fill(100)) // 100 positions, close to 700 wei each
const totalOf = (list: WorkReceipt[]): bigint => list.reduce((sum, { amount }) => sum + amount, 0n)

/** A ledger as a settler sees it: pays what is in escrow, remembers what was settled. */
class TestLedger {
  down = false
  escrow = 10n ** 18n
  gasPrice = 10n ** 18n // by default nothing is ever worth its gas
  earned = 0n
  paidOut = 0n
  batches: number[] = []
  /** Batches that it holds. */
  posted = 0
  failClaim = false
  exiting = false
  /** Clients whose newest voucher is signed by a key that was replaced. */
  readonly keyless = new Set<string>()
  gate: Promise<void> = Promise.resolve()
  readonly settled = new Map<string, bigint>()

  chain = {
    stateOf: async (client: string, model: string) => {
      this.#up()
      return { settled: this.settled.get(`${client}:${model}`) ?? 0n, payable: this.escrow }
    },
    settle: async (groups: { modelId: string; items: SettleItem[] }[]) => {
      await this.gate
      this.#up()
      for (const [group, { items }] of groups.entries()) {
        const item = items.findIndex(({ client }) => this.keyless.has(client))
        if (item >= 0) throw new SeamError('VOUCHER_SIGNATURE', 'BadVoucher', { detail: { group, item } })
      }
      this.batches.push(groups.flatMap(({ items }) => items).length)
      let total = 0n
      for (const { modelId: model, items } of groups) {
        for (const { client, cumulative } of items) {
          const key = `${client}:${model}`
          const due = cumulative - (this.settled.get(key) ?? 0n)
          const paid = due < this.escrow ? due : this.escrow
          this.escrow -= paid
          this.settled.set(key, (this.settled.get(key) ?? 0n) + paid)
          total += paid
        }
      }
      this.earned += total
      this.posted += total > 0n ? 1 : 0
      return { total, hash: `0x${this.batches.length}`, batches: this.posted }
    },
    batches: async () => {
      this.#up()
      return this.posted
    },
    quiet: async () => this.#up(),
    claim: async () => {
      this.#up()
      if (this.failClaim) throw new SeamError('CHAIN_TIMEOUT', 'no receipt')
      const amount = this.earned
      this.paidOut += amount
      this.earned = 0n
      return amount
    },
    gasPriceWei: async () => {
      this.#up()
      return this.gasPrice
    },
    leaving: async () => {
      this.#up()
      return this.exiting
    }
  }

  /** A reorganisation takes all of it back. */
  forget(): void {
    this.settled.clear()
    this.posted = 0
    this.paidOut = 0n
  }

  #up(): void {
    if (this.down) throw new SeamError('CHAIN_DOWN', 'the chain does not answer')
  }
}

const setup = async (
  options: Partial<SettlerOptions> = {},
  prepare: (ledger: TestLedger) => void = () => undefined,
  before = 0
) => {
  const ledger = new TestLedger()
  prepare(ledger)
  const clock = new TestClock()
  const { legs, book } = await booksOver(memoryStore())
  await legs.open(rowOf(open), new TestLeg(100_000))
  let accepted = 0
  const earn = async (count = 1): Promise<void> => {
    await book.accept(ackOf(receipts.slice(0, accepted), receipts.slice(accepted, accepted + count)), clientSigner.account)
    accepted += count
    await settle()
  }
  if (before > 0) await earn(before)
  const told: bigint[] = []
  const settler = new Settler(book, ledger.chain, clock, silentLog, options, (total) => told.push(total))
  const running = settler.run()
  await settle()
  return { ledger, clock, settler, running, earn, told, owed: () => totalOf(receipts.slice(0, accepted)) }
}

describe('settler', () => {
  it('settles what an earlier run left, at once, and pays it out', async () => {
    const { ledger, told, owed } = await setup({}, undefined, 2)
    expect(ledger.batches).to.deep.equal([1])
    expect(ledger.paidOut).to.equal(owed())
    expect(told).to.deep.equal([owed()])
  })

  it('keeps its rhythm, and sends nothing when nothing is owed', async () => {
    const { ledger, clock, earn, owed } = await setup()
    await clock.advance(3 * SETTLE_EVERY_MS)
    expect(ledger.batches).to.deep.equal([])
    await earn()
    await clock.advance(2_000)
    expect(ledger.batches).to.deep.equal([1])
    await earn()
    await clock.advance(SETTLE_EVERY_MS - 10_000)
    expect(ledger.batches).to.deep.equal([1])
    await clock.advance(10_000)
    expect(ledger.batches).to.deep.equal([1, 1])
    expect(ledger.paidOut).to.equal(owed())
  })

  it('settles early once a batch is worth a hundred times its gas, and not one wei sooner', async () => {
    const gas = 60_000n + 25_000n
    const price = 1n
    const worth = async (amount: bigint): Promise<number> => {
      const { ledger, clock, earn } = await setup({}, (it) => (it.gasPrice = price), 1)
      const factor = amount / (100n * gas) // the price at which what is earned next is worth so much
      ledger.gasPrice = factor
      await earn(10)
      await clock.advance(5_000)
      return ledger.batches.length - 1
    }
    expect(await worth(0n)).to.equal(1) // free gas
    expect(await worth(100n * gas)).to.equal(0) // 7 000 wei for 85 000 of gas
  })

  it('by flag, settles from an amount on', async () => {
    const { ledger, clock, earn } = await setup({ minWei: 1_500n }, undefined, 1)
    await earn(2)
    await clock.advance(5_000)
    expect(ledger.batches).to.deep.equal([1]) // 1 400 wei wait
    await earn()
    await clock.advance(5_000)
    expect(ledger.batches).to.deep.equal([1, 1])
  })

  it('settles at once when the credit lent to one client runs out', async () => {
    const { ledger, earn } = await setup({ exposureWei: 1_400n }, undefined, 1)
    await earn()
    expect(ledger.batches).to.deep.equal([1])
    await earn()
    expect(ledger.batches).to.deep.equal([1, 1]) // without any time passing
  })

  it('a chain that is down at the start: what was left is settled soon after it is back', async () => {
    const { ledger, clock, owed } = await setup({}, (it) => (it.down = true), 3)
    await clock.advance(SETTLE_EVERY_MS / 2)
    expect(ledger.batches).to.deep.equal([])
    ledger.down = false
    await clock.advance(10_000)
    expect(ledger.paidOut).to.equal(owed())
  })

  it('a chain that goes down later: the round is not skipped', async () => {
    const { ledger, clock, earn, owed } = await setup({}, undefined, 1)
    await earn()
    ledger.down = true
    await clock.advance(SETTLE_EVERY_MS + 60_000)
    ledger.down = false
    await clock.advance(10_000)
    expect(ledger.paidOut).to.equal(owed())
  })

  it('tells whoever asked why it failed', async () => {
    const { ledger, settler, earn } = await setup()
    await earn()
    ledger.down = true
    expect(await codeOfRejection(settler.settleNow())).to.equal('CHAIN_DOWN')
    expect(settler.unsettled > 0n).to.equal(true)
  })

  it('a client that cannot pay all of it costs one transaction a round, until it signs more or the escrow is filled', async () => {
    const { ledger, clock, earn, settler, owed } = await setup({ minWei: 1n }, (it) => (it.escrow = 300n), 1)
    await clock.advance(SETTLE_EVERY_MS - 30_000)
    expect(ledger.batches).to.deep.equal([1])
    expect(ledger.paidOut).to.equal(300n)
    expect(settler.unsettled).to.equal(owed() - 300n)
    ledger.escrow = 10n ** 18n
    await clock.advance(60_000)
    expect(ledger.paidOut).to.equal(owed())

    ledger.escrow = 1n
    await earn()
    await clock.advance(5_000)
    ledger.escrow = 1n
    await earn()
    await clock.advance(5_000)
    expect(ledger.batches).to.deep.equal([1, 1, 1, 1]) // once for each new voucher
  })

  it('a client with nothing in escrow costs no transaction, and is paid for once there is', async () => {
    const { ledger, clock, earn, owed } = await setup({ minWei: 1n }, (it) => (it.escrow = 0n), 1)
    await earn()
    await clock.advance(2 * SETTLE_EVERY_MS)
    expect(ledger.batches).to.deep.equal([])
    ledger.escrow = 10n ** 18n
    await clock.advance(SETTLE_EVERY_MS + 2_000)
    expect(ledger.batches).to.deep.equal([1])
    expect(ledger.paidOut).to.equal(owed())
  })

  it('a voucher whose key has gone stops nobody else’s, and is asked for again only under a newer one', async () => {
    const other = hash('another model')
    const rowFor = (client: `0x${string}`, model: `0x${string}`, cumulative: bigint): ChannelRow => {
      const voucher = { client, provider: client, modelId: model, cumulative, units: 1, workRoot: model }
      return {
        state: { client, modelId: model } as ChannelRow['state'],
        newest: { voucher, signature: new Uint8Array(65) },
        place: 1
      }
    }
    const rows = [
      rowFor('0x01', modelId, 10n),
      rowFor('0x02', modelId, 10n),
      rowFor('0x03', other, 10n),
      rowFor('0x02', other, 10n)
    ]
    const ledger = new TestLedger()
    ledger.keyless.add('0x02')
    const book = { channels: () => rows, onVoucher: () => undefined } as unknown as VoucherBook
    const settler = new Settler(book, ledger.chain, new TestClock(), silentLog, {}, () => undefined)
    expect(await settler.settleNow()).to.equal(20n)
    expect([ledger.batches, ledger.paidOut, settler.unsettled]).to.deep.equal([[2], 20n, 20n])
    ledger.keyless.clear()
    expect(await settler.settleNow(), 'the same voucher').to.equal(0n)
    rows[1] = rowFor('0x02', modelId, 15n)
    expect(await settler.settleNow(), 'a newer one').to.equal(15n)
    expect(ledger.batches).to.deep.equal([2, 1])
  })

  it('claims what an earlier attempt settled and could not claim', async () => {
    const { ledger, clock, earn, owed } = await setup({ minWei: 1n })
    ledger.failClaim = true
    await earn()
    await clock.advance(2_000)
    expect([ledger.earned, ledger.paidOut]).to.deep.equal([owed(), 0n])
    ledger.failClaim = false
    await clock.advance(10_000)
    expect([ledger.earned, ledger.paidOut]).to.deep.equal([0n, owed()])
  })

  it('one settlement at a time: who asks meanwhile gets the next, which sees what was signed since', async () => {
    const { ledger, settler, earn, owed } = await setup()
    const { promise, resolve } = Promise.withResolvers<void>()
    ledger.gate = promise
    await earn()
    const running = settler.settleNow()
    await settle() // it has read the book and waits for the chain
    await earn()
    const later = [settler.settleNow(), settler.settleNow()]
    resolve()
    const [first, second, third] = await Promise.all([running, ...later])
    expect([first, second]).to.deep.equal([totalOf(receipts.slice(0, 1)), totalOf(receipts.slice(1, 2))])
    expect(third).to.equal(second)
    expect(ledger.paidOut).to.equal(owed())
  })

  it('says who owes, the newest voucher first, until the chain has paid it', async () => {
    const ledger = new TestLedger()
    const rows = [3, 1, 2].map((place): ChannelRow => {
      const client = `0x0${place}` as const
      const voucher = { client, provider: client, modelId, cumulative: 10n, units: 1, workRoot: modelId }
      return { state: { client, modelId } as ChannelRow['state'], newest: { voucher, signature: new Uint8Array(65) }, place }
    })
    ledger.keyless.add('0x01')
    const book = { channels: () => rows, onVoucher: () => undefined } as unknown as VoucherBook
    const settler = new Settler(book, ledger.chain, new TestClock(), silentLog, {}, () => undefined)
    expect(settler.owing().map(({ place }) => place)).to.deep.equal([3, 2, 1])
    await settler.settleNow()
    expect(settler.owing().map(({ place }) => place)).to.deep.equal([1])
  })

  it('cuts a long list into batches that a block can hold', async () => {
    const ledger = new TestLedger()
    const rows = Array.from({ length: SETTLE_ITEMS_MAX + 5 }, (_, i): ChannelRow => {
      const client = `0x${i.toString(16).padStart(40, '0')}` as const
      const voucher = { client, provider: client, modelId, cumulative: 10n, units: 1, workRoot: modelId }
      return { state: { client, modelId } as ChannelRow['state'], newest: { voucher, signature: new Uint8Array(65) }, place: 1 }
    })
    const book = { channels: () => rows, onVoucher: () => undefined } as unknown as VoucherBook
    const settler = new Settler(book, ledger.chain, new TestClock(), silentLog, {}, () => undefined)
    expect(await settler.settleNow()).to.equal(10n * BigInt(rows.length))
    expect(ledger.batches).to.deep.equal([SETTLE_ITEMS_MAX, 5])
  })

  it('what a reorganisation took back is settled again, and only then', async () => {
    const { ledger, clock, owed } = await setup({}, undefined, 2)
    await clock.advance(60_000)
    expect(ledger.batches).to.deep.equal([1])
    ledger.forget()
    await clock.advance(60_000)
    expect(ledger.batches).to.deep.equal([1, 1])
    expect(ledger.paidOut).to.equal(owed())
    await clock.advance(60_000)
    expect(ledger.batches).to.deep.equal([1, 1])
  })

  it('nor what an earlier run had settled, when the reorganisation comes after the restart', async () => {
    const { ledger, clock, settler, owed } = await setup({}, undefined, 2)
    await clock.advance(60_000)
    settler.stop()
    const { legs, book } = await booksOver(memoryStore())
    await legs.open(rowOf(open), new TestLeg(100_000))
    await book.accept(ackOf([], receipts.slice(0, 2)), clientSigner.account)
    const restarted = new Settler(book, ledger.chain, clock, silentLog, {}, () => undefined)
    void restarted.run()
    await clock.advance(1_000)
    expect(ledger.batches).to.deep.equal([1])
    ledger.forget()
    await clock.advance(60_000)
    expect(ledger.paidOut).to.equal(owed())
    restarted.stop()
  })

  it('a channel whose store lost a settled voucher does not hide what another client owes', async () => {
    const rowOfClient = (client: `0x${string}`, cumulative: bigint): ChannelRow => {
      const voucher = { client, provider: client, modelId, cumulative, units: 1, workRoot: modelId }
      return { state: { client, modelId } as ChannelRow['state'], newest: { voucher, signature: new Uint8Array(65) }, place: 1 }
    }
    const rows = [rowOfClient('0x01', 10n), rowOfClient('0x02', 10n)]
    const ledger = new TestLedger()
    ledger.settled.set(`0x01:${modelId}`, 15n)
    const book = { channels: () => rows, onVoucher: () => undefined } as unknown as VoucherBook
    const settler = new Settler(book, ledger.chain, new TestClock(), silentLog, {}, () => undefined)
    await settler.settleNow()
    rows[1] = rowOfClient('0x02', 13n)
    expect(settler.unsettled).to.equal(3n)
  })

  it('settles at once when a client that owes is leaving, and not again for nothing', async () => {
    const { ledger, clock, earn, owed } = await setup()
    await earn()
    await clock.advance(60_000)
    expect(ledger.batches).to.deep.equal([])
    ledger.exiting = true
    await clock.advance(31_000)
    expect(ledger.batches).to.deep.equal([1])
    expect(ledger.paidOut).to.equal(owed())
    await clock.advance(120_000)
    expect(ledger.batches).to.deep.equal([1])
  })

  it('tells of a client that owes more than is lent, once until the next settlement', async () => {
    const warned: string[] = []
    const log = { ...silentLog, warn: (_: unknown, text?: string) => void warned.push(text ?? '') } as typeof silentLog
    const ledger = new TestLedger()
    const { legs, book } = await booksOver(memoryStore())
    await legs.open(rowOf(open), new TestLeg(100_000))
    const limit = totalOf(receipts.slice(0, 2))
    const settler = new Settler(book, ledger.chain, new TestClock(), log, { exposureWei: (limit + 1n) / 2n }, () => undefined)
    const earn = (from: number): Promise<unknown> =>
      book.accept(ackOf(receipts.slice(0, from), receipts.slice(from, from + 1)), clientSigner.account)
    await earn(0)
    await earn(1)
    expect([settler.overexposed, warned]).to.deep.equal([0, []])
    await earn(2)
    await earn(3)
    expect([settler.overexposed, warned]).to.deep.equal([1, ['a client owes more than is lent unsecured']])
    await settler.settleNow()
    expect(settler.overexposed).to.equal(0)
  })

  it('stops when it is told to', async () => {
    const { settler, running, clock } = await setup()
    settler.stop()
    await running
    expect(clock.sleeping).to.equal(0)
  })
})

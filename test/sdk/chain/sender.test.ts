import { expect } from 'chai'
import { Rpc, Sender, type SenderOptions } from '../../../sdk/chain/index.ts'
import type { TxRequest } from '../../../sdk/chain/tx.ts'
import { systemClock } from '../../../sdk/components.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { type Market, named, type Person, startMarket } from '../../contracts/market.ts'

const PATIENT = { confirmMs: 60_000, raiseMs: 60_000 }
const HASTY = { confirmMs: 200, raiseMs: 60_000 }
const purse = named('purse').address

interface PendingTx {
  hash: string
  from: string
  nonce: string
  value: string
  maxFeePerGas: string
}

describe('a transaction that is not mined', function () {
  this.timeout(60_000)
  let market: Market
  let person: Person
  let people = 0
  before(async () => {
    market = await startMarket()
  })
  beforeEach(async () => {
    person = await market.person(`sender ${people++}`)
    await market.rpc.send('evm_setAutomine', [false])
  })
  afterEach(async () => {
    await market.rpc.send('evm_mine')
    await market.rpc.send('evm_setAutomine', [true])
  })
  after(() => market.close())

  const senderOf = (options: SenderOptions, rpc = market.rpc): Sender => new Sender(rpc, person.wallet.secretKey, options)
  const coins = (value: bigint): TxRequest => ({ to: purse, data: '0x', value, gasLimit: 21_000, what: `${value} wei` })
  const pending = async (): Promise<PendingTx[]> => {
    const block = (await market.rpc.send('eth_getBlockByNumber', ['pending', true])) as { transactions: PendingTx[] }
    return block.transactions.filter(({ from }) => from === person.wallet.address)
  }
  const pendingWhen = async (holds: (rows: PendingTx[]) => boolean): Promise<PendingTx[]> => {
    for (;;) {
      const rows = await pending()
      if (holds(rows)) return rows
      await systemClock.sleep(20)
    }
  }
  const used = async (): Promise<number> =>
    Number(await market.rpc.send('eth_getTransactionCount', [person.wallet.address, 'latest']))
  const codeOf = (sent: Promise<unknown>): Promise<string> =>
    sent.then(
      () => 'none',
      (error: unknown) => (error instanceof SeamError ? error.code : String(error))
    )
  const mined = async (): Promise<bigint> => {
    const before = await market.rpc.balance(purse)
    await market.rpc.send('evm_mine')
    return (await market.rpc.balance(purse)) - before
  }

  it('is offered again under its nonce for more, and lands once', async () => {
    const sent = senderOf({ confirmMs: 60_000, raiseMs: 100 }).send(coins(5n))
    const [first] = await pendingWhen((rows) => rows.length === 1)
    const rows = await pendingWhen(([row]) => row !== undefined && row.hash !== first?.hash)
    expect(rows.map(({ nonce, value }) => [Number(nonce), Number(value)])).to.deep.equal([[0, 5]])
    expect(BigInt(rows[0]!.maxFeePerGas) * 4n >= BigInt(first!.maxFeePerGas) * 5n).to.equal(true)
    expect(await mined()).to.equal(5n)
    await sent
    expect(await used()).to.equal(1)
  })

  it('makes room for what is sent next: of the two only one lands', async () => {
    const sender = senderOf(HASTY)
    expect(await codeOf(sender.send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    expect((await pending()).map(({ value }) => Number(value))).to.deep.equal([1])
    const second = codeOf(sender.send(coins(20n)))
    const rows = await pendingWhen(([row]) => Number(row?.value) === 20)
    expect(rows).to.have.length(1)
    expect(await mined()).to.equal(20n)
    await second
    await sender.quiet()
    expect(await used()).to.equal(1)
  })

  it('that lands while nobody looks is what the same request finds, and another goes on after it', async () => {
    const sender = senderOf(HASTY)
    expect(await codeOf(sender.send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    const [row] = await pending()
    expect(await mined()).to.equal(1n)
    expect((await sender.send(coins(1n))).hash).to.equal(row?.hash)
    expect(await used()).to.equal(1)
    await market.rpc.send('evm_setAutomine', [true])
    await sender.send(coins(3n))
    expect(await used()).to.equal(2)
  })

  it('that lands just as another is offered in its place: the other is sent after it', async () => {
    let raced = false
    class RacingRpc extends Rpc {
      override async send(method: string, params?: unknown[]): Promise<unknown> {
        if (method === 'eth_sendRawTransaction' && raced) {
          raced = false
          await super.send('evm_mine')
          await super.send('evm_setAutomine', [true])
        }
        return super.send(method, params)
      }
    }
    const sender = senderOf({ ...HASTY, confirmMs: 2_000 }, new RacingRpc(market.rpc.url))
    const before = await market.rpc.balance(purse)
    expect(await codeOf(sender.send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    raced = true
    await sender.send(coins(20n))
    expect((await market.rpc.balance(purse)) - before).to.equal(21n)
    expect(await used()).to.equal(2)
  })

  it('left by an earlier run gets its time, and is then outbid by the next thing this one sends', async () => {
    expect(await codeOf(senderOf(HASTY).send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    const restarted = senderOf({ confirmMs: 60_000, raiseMs: 300, alone: true })
    const sent = restarted.send(coins(20n))
    await pendingWhen(([row]) => Number(row?.value) === 20)
    expect(await mined()).to.equal(20n)
    await sent
    expect(await used()).to.equal(1)
  })

  it('left by an earlier run and mined meanwhile needs no outbidding', async () => {
    expect(await codeOf(senderOf(HASTY).send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    const restarted = senderOf({ ...PATIENT, alone: true })
    const quiet = restarted.quiet()
    expect(await mined()).to.equal(1n)
    await quiet
    await market.rpc.send('evm_setAutomine', [true])
    await restarted.send(coins(2n))
    expect(await used()).to.equal(2)
  })

  it('of another process with the same key is left alone', async () => {
    expect(await codeOf(senderOf(HASTY).send(coins(1n)))).to.equal('CHAIN_TIMEOUT')
    const other = senderOf(PATIENT).send(coins(20n))
    await pendingWhen((rows) => rows.length === 2)
    expect(await mined()).to.equal(21n)
    await other
    expect(await used()).to.equal(2)
  })
})

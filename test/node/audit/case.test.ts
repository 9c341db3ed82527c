import { expect } from 'chai'
import { CourtClient, currencyBalance, Rpc } from 'openseam/chain/index'
import type { Bytes32 } from 'openseam/protocol/eth'
import { auditCase, printCase } from '../../../node/audit/case.ts'
import { challengeReceipt } from '../../../node/audit/challenge.ts'
import { auditReceipt } from '../../../node/audit/receipt-audit.ts'
import { noPaint } from '../../../node/lib/table.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { booksOf, PRICE, TestChannel } from './support.ts'

const BOND = 10n * OPEN
const DAY = 86_400

describe('a case at the court', function () {
  this.timeout(120_000)
  let market: Market
  let client: Person
  let provider: Person
  let channel: TestChannel
  const courtOf = ({ sender }: Person): CourtClient => new CourtClient(market.rpc, market.deployment, sender)
  const balance = ({ wallet }: Person): Promise<bigint> => currencyBalance(market.rpc, market.deployment, wallet.address)
  const challenge = async (at: number): Promise<Bytes32> => {
    const found = await auditReceipt(channel.rows[at]!.hash, [channel.source('peer')], booksOf(market))
    return (await challengeReceipt(found, courtOf(client), client.sender)).case as Bytes32
  }

  before(async () => {
    market = await startMarket()
    client = await market.person('client')
    provider = await market.person('provider')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    await provider.registry.register(provider.wallet.address, 2_000n * OPEN)
    channel = new TestChannel(market, provider, client)
    channel.add({ leg: 0, seq: 0, from: 0, to: 32 })
    channel.add({ leg: 0, seq: 1, from: 32, to: 64 })
    await channel.settle()
  })
  after(() => market.close())

  it('that nobody opened: could not tell', async () => {
    const report = await auditCase(hashOf('none'), courtOf(client), client.sender)
    expect(report).to.deep.include({ verdict: 'unknown', state: 'none', closes: null, owed: 0n, transactions: [] })
    expect(printCase(report, noPaint)).to.include('nobody opened a case of that name')
  })

  it('that is not answered: closed for silence once its time is over, and what it gave is fetched', async () => {
    const id = await challenge(0)
    const waiting = await auditCase(id, courtOf(client), client.sender)
    expect(waiting).to.deep.include({ verdict: 'unknown', state: 'open', closes: null, owed: 0n, transactions: [] })
    await market.passSeconds(DAY + 1)
    const dry = await auditCase(id, courtOf(client), null)
    expect(dry).to.deep.include({ state: 'open', closes: 'timeOut', owed: null, transactions: [] })
    expect(printCase(dry, noPaint)).to.match(/now +timeOut closes it/)
    const before = await balance(client)
    const closed = await auditCase(id, courtOf(client), client.sender)
    expect(closed).to.deep.include({ verdict: 'proved', reasons: [], state: 'timedOut', closes: null, owed: 0n })
    expect(closed.transactions).to.have.length(2)
    const harm = 10n * 32n * PRICE
    const taken = 100n * OPEN + harm // 5 % of 2 000
    expect((await balance(client)) - before).to.equal(BOND + (taken * 15n) / 100n + harm)
    expect(printCase(closed, noPaint)).to.include('proved: the provider did not answer')
    const again = await auditCase(id, courtOf(client), client.sender)
    expect(again).to.deep.include({ verdict: 'proved', transactions: [] })
  })

  it('that was answered and nobody judged: undecided in the end, and 70 % of the bond comes back', async () => {
    const id = await challenge(1)
    await courtOf(provider).respond(id, hashOf('answer'))
    await market.passSeconds(3 * DAY)
    expect(await auditCase(id, courtOf(client), null)).to.deep.include({ state: 'answered', closes: null })
    await market.passSeconds(2 * DAY)
    const before = await balance(client)
    const other = await market.person('other')
    const byAnyone = await auditCase(id, courtOf(other), other.sender)
    expect(byAnyone).to.deep.include({ verdict: 'unknown', state: 'undecided', owed: 0n })
    expect(byAnyone.transactions).to.have.length(1)
    const fetched = await auditCase(id, courtOf(client), client.sender)
    expect(fetched.transactions).to.have.length(1)
    expect((await balance(client)) - before).to.equal((BOND * 70n) / 100n)
  })

  it('a chain that is away is no case', async () => {
    const away = new CourtClient(new Rpc('http://127.0.0.1:9'), market.deployment)
    const error = await auditCase(hashOf('none'), away, null).catch((cause: unknown) => cause)
    expect(error).to.include({ code: 'CHAIN_DOWN' })
  })
})

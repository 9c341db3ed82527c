/** What the explorer shows of a market in which money moved in every way, against sums that are made without it, to the wei. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { challengeReceipt } from '../../../node/audit/challenge.ts'
import { auditReceipt } from '../../../node/audit/receipt-audit.ts'
import { createExplorer, Indexer, openIndexStore, Publisher } from '../../../node/explorer/index.ts'
import { serveGateway } from '../../../node/gateway/serve.ts'
import { CourtClient } from '../../../sdk/chain/index.ts'
import { silentLog, systemClock } from '../../../sdk/components.ts'
import type { Bytes32 } from '../../../sdk/protocol/eth.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { booksOf, TestChannel } from '../audit/support.ts'
import { folders, followToHead } from './index-states.ts'
import { balanceOf, rawSums, totals } from './raw-sums.ts'

const ODD = 1_000_000_000_000_000_007n // no amount is round
const DAY_S = 86_400
const script = join(import.meta.dirname, '../../../scripts/check-totals.ts')

describe('the explorer’s totals', function () {
  this.timeout(180_000)
  const dirs = folders()
  const closing: (() => Promise<unknown>)[] = []
  let market: Market
  let clients: Person[]
  let providers: Person[]
  let models: [plain: Bytes32, owned: Bytes32]
  let explorer: string
  let sums: Map<string, bigint>
  const sum = (name: string): string => String(sums.get(name) ?? 0n)
  const read = async (path: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${explorer}${path}`)).json()) as Record<string, unknown>

  before(async () => {
    market = await startMarket()
    closing.push(market.close)
    clients = await Promise.all(['a', 'b', 'c'].map((name) => market.person(`totals client ${name}`)))
    providers = await Promise.all(['a', 'b'].map((name) => market.person(`totals provider ${name}`)))
    const payees = [named('totals owner').address, named('totals data').address]
    const [first] = providers as [Person, Person]
    models = [
      hashOf('totals plain'),
      await first.models.register({ manifestHash: hashOf('totals owned'), payees, bps: [1_000, 333] })
    ]
    await moveMoney()
    await serveIndex()
    sums = await rawSums(market.rpc.url, market.deployment)
  })
  after(async () => {
    for (const close of closing.reverse()) await close()
    dirs.remove()
  })

  const moveMoney = async (): Promise<void> => {
    const [rich, poor, other] = clients as [Person, Person, Person]
    for (const provider of providers) await provider.registry.register(provider.wallet.address, 1_001n * OPEN + 3n)
    await rich.ledger.deposit(rich.wallet.address, 40n * ODD)
    await rich.ledger.deposit(poor.wallet.address, 2n * ODD) // for another
    await other.ledger.deposit(other.wallet.address, 30n * ODD)
    for (let round = 1n; round <= 3n; round++) {
      for (const [i, provider] of providers.entries()) {
        const groups = models.map((modelId, m) => {
          const cumulative = round * (ODD + BigInt(100 * i + m))
          return { modelId, items: clients.map(({ wallet }) => market.voucher(wallet, provider.wallet, modelId, cumulative)) }
        })
        // The poor one's money ends before its vouchers do.
        await provider.ledger.settle(groups)
      }
    }
    await punish(other)
    for (const { ledger, wallet } of providers) await ledger.claim(wallet.address)
    await rich.ledger.claimRoyalty(models[1], 0)
    await rich.ledger.startExit(5n * ODD)
    await market.passSeconds(2 * DAY_S)
    await rich.ledger.finishExit()
  }

  /** A provider that does not answer a challenge in its time. */
  const punish = async (client: Person): Promise<void> => {
    const [provider] = providers as [Person]
    const channel = new TestChannel(market, provider, client)
    channel.add({ leg: 0, seq: 0, from: 0, to: 31 })
    await channel.settle()
    const court = new CourtClient(market.rpc, market.deployment, client.sender)
    const found = await auditReceipt(channel.rows[0]?.hash as Bytes32, [channel.source('peer')], booksOf(market))
    const { case: id } = await challengeReceipt(found, court, client.sender)
    await market.passSeconds(2 * DAY_S)
    await court.timeOut(id as Bytes32)
  }

  const serveIndex = async (): Promise<void> => {
    const { rpc, deployment } = market
    const store = await openIndexStore(dirs.make())
    const indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    const publisher = new Publisher(store, deployment)
    const components = { store, indexer, publisher, rpc, deployment, clock: systemClock, log: silentLog, version: '0' }
    const server = await serveGateway(createExplorer(components).app, { host: '127.0.0.1', port: 0 })
    explorer = server.url
    closing.push(
      () => store.close(),
      () => server.close(0)
    )
  }

  it('are the sums of the raw events', async () => {
    const summary = await read('/api/summary')
    for (const name of totals) {
      expect(sum(name), `${name} moved`).not.to.equal('0')
      expect(String(summary[name]), name).to.equal(sum(name))
    }
    expect(summary, 'those that were paid for').to.include({ clients: 3, providers: 2, models: 3, cases: 1 })
    expect(sum('settled'), 'what was settled is what clients spent').to.equal(sum('spent'))
  })

  it('hold for each client, provider and model', async () => {
    const expectRow = async (path: string, id: string, ...names: string[]): Promise<void> => {
      const row = await read(`${path}/${id}`)
      for (const name of names) expect(String(row[name]), `${name} of ${path}/${id}`).to.equal(sum(`${name}:${id}`))
    }
    for (const { wallet } of clients) await expectRow('/api/accounts', wallet.address, 'deposited', 'withdrawn', 'spent')
    for (const { wallet } of providers) {
      await expectRow('/api/providers', wallet.address, 'earned', 'claimed', 'slashed', 'batches')
    }
    for (const modelId of models) await expectRow('/api/models', modelId, 'paid', 'royalties')
  })

  it('are where balances end, with and without a slash, and what the ledger itself says', async () => {
    const newest = async (path: string): Promise<string> => {
      const { items } = (await read(`${path}/balance?limit=1`)) as { items: { balance: string }[] }
      return items[0]?.balance ?? 'none'
    }
    const raw = (name: string, id: string): bigint => sums.get(`${name}:${id.toLowerCase()}`) ?? 0n
    for (const { wallet, ledger } of clients) {
      const { address } = wallet
      const escrow = raw('deposited', address) - raw('withdrawn', address) - raw('spent', address)
      expect(await newest(`/api/accounts/${address}`)).to.equal(String(escrow))
      expect((await ledger.account(address)).balance, 'nothing is guaranteed to a provider here').to.equal(escrow)
    }
    for (const { wallet, ledger } of providers) {
      const { address } = wallet
      const claimable = raw('earned', address) - raw('claimed', address)
      expect(await newest(`/api/providers/${address}`)).to.equal(String(claimable))
      expect((await ledger.earned(address)).amount).to.equal(claimable)
    }
  })

  it('leave what the ledger holds', async () => {
    const { token, ledger } = market.deployment
    const summary = await read('/api/summary')
    const amount = (name: string): bigint => BigInt(String(summary[name]))
    const left = amount('deposited') - amount('withdrawn') - amount('claimed') - BigInt(sum('royaltiesClaimed'))
    expect(left).to.equal(await balanceOf(market.rpc.url, token, ledger))
  })

  it('agree with scripts/check-totals.ts, which tells one that is a wei off', async () => {
    const file = join(dirs.make(), 'deployment.json')
    writeFileSync(file, JSON.stringify(market.deployment))
    const check = (url: string): Promise<[code: number, told: string]> =>
      new Promise((resolve) => {
        const args = ['--conditions=source', script, market.rpc.url, file, url]
        execFile(process.execPath, args, (error, stdout) => resolve([error === null ? 0 : Number(error.code), stdout]))
      })
    const [code, told] = await check(explorer)
    expect(told)
      .to.match(/^equal {3}settled/m)
      .and.not.match(/DIFFER/)
    expect(code).to.equal(0)
    const summary = await read('/api/summary')
    const wrong = { ...summary, settled: String(BigInt(String(summary['settled'])) + 1n) }
    const liar = createServer((_request, response) => response.end(JSON.stringify(wrong))).listen(0, '127.0.0.1')
    await once(liar, 'listening')
    closing.push(async () => liar.close())
    const [failure, found] = await check(`http://127.0.0.1:${(liar.address() as AddressInfo).port}`)
    expect(found).to.match(/^DIFFER {2}settled/m)
    expect(failure).to.equal(1)
  })
})

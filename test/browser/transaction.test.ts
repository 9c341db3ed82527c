/** A batch's transaction in a real browser: decoded by the explorer, believed only where the browser comes to the batch's root by itself. */

import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { createExplorer, Indexer, openExplorerSite, openIndexStore, Publisher } from '../../node/explorer/index.ts'
import { serveGateway } from '../../node/gateway/index.ts'
import { silentLog, systemClock } from '../../sdk/components.ts'
import { SETTLE_ITEMS_MAX } from '../../sdk/protocol/limits.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../contracts/market.ts'
import { folders, followToHead } from '../node/explorer/index-states.ts'
import { built } from './lib/built.ts'
import { expectUsable, hasChromium, openBrowser, watchPage } from './lib/page.ts'

const WAIT = { timeout: 60_000 }
const model = hashOf('model')
const other = `0x${'11'.repeat(32)}`

describe('the transaction of a batch, in a browser', function () {
  this.timeout(240_000)
  const dirs = folders()
  const closing: (() => unknown)[] = []
  let market: Market
  let provider: Person
  let browser: Browser
  let explorer: string
  let page: Page
  let problems: string[]

  before(async function () {
    if (!hasChromium()) return this.skip()
    await built('explorer')
    market = await startMarket()
    closing.push(market.close)
    const { rpc, deployment } = market
    provider = await market.person('provider')
    const [rich, poor, keyed] = (await Promise.all(['rich', 'poor', 'keyed'].map(market.person))) as [Person, Person, Person]
    for (const [{ ledger, wallet }, sum] of [
      [rich, 1_000n],
      [poor, 2n],
      [keyed, 100n]
    ] as const) {
      await ledger.deposit(wallet.address, sum * OPEN)
    }
    await keyed.ledger.setSigner(rich.wallet.address)
    const item = ({ wallet }: Person, sum: bigint, key = wallet) =>
      market.voucher({ ...key, address: wallet.address }, provider.wallet, model, sum * OPEN, Number(sum))
    await provider.ledger.settle([{ modelId: model, items: [item(rich, 3n), item(poor, 5n), item(keyed, 7n, rich.wallet)] }])
    const most = Array.from({ length: SETTLE_ITEMS_MAX }, (_, i) => item(rich, BigInt(4 + i)))
    await provider.ledger.settle([{ modelId: model, items: most }])

    const store = await openIndexStore(dirs.make())
    const indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    const components = { store, indexer, rpc, deployment, clock: systemClock, log: silentLog, version: '0' }
    const { app } = createExplorer({ ...components, publisher: new Publisher(store, deployment), site: openExplorerSite() })
    const server = await serveGateway(app, { host: '127.0.0.1', port: 0 })
    explorer = server.url
    closing.unshift(
      () => server.close(0),
      () => store.close()
    )
    browser = await openBrowser()
    closing.unshift(() => browser.close())
  })
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1_440, height: 900 } })
    problems = watchPage(page, explorer)
  })
  afterEach(() => page?.close())
  after(async () => {
    for (const close of closing) await close()
    dirs.remove()
  })

  const openBatch = async (number: number): Promise<void> => {
    await page.goto(`${explorer}/batch/${provider.wallet.address}/${number}`)
    await page.click('summary:has-text("Read the vouchers")')
  }
  const cells = (name: string): Promise<string[]> =>
    page.locator(`[aria-label=vouchers] td[data-name="${name}"]`).allTextContents()

  it('is read when it is asked for, and is what the batch was settled with, by the browser’s own hand', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${explorer}/batch/${provider.wallet.address}/0`)
    await page.waitForSelector('[aria-label=payments]', WAIT)
    expect(asked.filter((path) => path.endsWith('/transaction'))).to.deep.equal([])
    await page.click('summary:has-text("Read the vouchers")')
    await page.waitForSelector('[data-verdict=holds]:has-text("these 3 vouchers make the root of the batch")', WAIT)
    expect(await cells('Signed for, OPEN')).to.deep.equal(['3', '5', '7'])
    expect(await cells('Paid, OPEN')).to.deep.equal(['3', '2', '7'])
    await page.waitForSelector('[aria-label=vouchers] tr:nth-child(3) td[data-name="Signed by"] .mono', WAIT)
    expect((await cells('Signed by')).slice(0, 2)).to.deep.equal(['the client', 'the client'])
    await page.click('summary:has-text("The input data")')
    expect(await page.locator('.raw').textContent()).to.match(/^0x[0-9a-f]{8}/)
    await expectUsable(page, 'a decoded transaction')
    expect(problems).to.deep.equal([])
  })

  it('is refused in red, with what differs, when the explorer changed a word of it', async () => {
    const path = `/api/batches/${provider.wallet.address}/0`
    const batch = (await (await fetch(`${explorer}${path}`)).json()) as any
    const told = (await (await fetch(`${explorer}${path}/transaction`)).json()) as any
    const { vouchers } = told.call
    const withFirst = (change: object) => ({
      ...told,
      call: { ...told.call, vouchers: [{ ...vouchers[0], ...change }, ...vouchers.slice(1)] }
    })
    const more = String(BigInt(vouchers[0].to) + 1n)
    const changed: [says: string, transaction: object, batch: object][] = [
      ['Of voucher 1, the client is not what was paid', withFirst({ client: provider.wallet.address }), batch],
      ['Of voucher 1, the channel’s total after is not what was paid', withFirst({ to: more, cumulative: more }), batch],
      ['The root they make is 0x', withFirst({ units: 4 }), batch],
      ['The root they make is 0x', withFirst({ workRoot: other }), batch],
      ['The root they make is none (leaf.units must be', withFirst({ units: -1 }), batch],
      ['Voucher 1 does not stand in the input data', withFirst({ cumulative: String(100n * OPEN) }), batch],
      ['Voucher 1 does not stand in the input data', withFirst({ signature: `${other}${other.slice(2)}` }), batch],
      ['Voucher 3 does not stand in the input data', { ...told, input: told.input.slice(0, -2) }, batch],
      ['They are 2, and 3 were paid', { ...told, call: { ...told.call, vouchers: vouchers.slice(0, 2) } }, batch],
      [`and the batch’s total is ${OPEN}`, told, { ...batch, header: { ...batch.header, total: String(OPEN) } }],
      [`and the batch’s is ${other}`, told, { ...batch, header: { ...batch.header, root: other } }]
    ]
    for (const [says, transaction, shown] of changed) {
      await page.route(`**${path}/transaction`, (route) => route.fulfill({ json: transaction }))
      await page.route(`**${path}`, (route) => route.fulfill({ json: shown }))
      await openBatch(0)
      await page.waitForSelector(`[data-verdict=fails]:has-text("${says}")`, WAIT)
      expect(await page.locator('[data-verdict=holds]').count(), says).to.equal(0)
      await page.unrouteAll({ behavior: 'wait' })
    }
    await expectUsable(page, 'a transaction that was changed')
    expect(problems).to.deep.equal([])
  })

  it('is checked where its batch is as large as one can be', async () => {
    await openBatch(1)
    await page.waitForSelector(`[data-verdict=holds]:has-text("these ${SETTLE_ITEMS_MAX} vouchers")`, WAIT)
    expect(await page.locator('[aria-label=vouchers] tbody tr').count()).to.equal(SETTLE_ITEMS_MAX)
    await page.waitForSelector('[aria-label=vouchers] tr:last-child td:has-text("the client")', WAIT)
  })

  it('has its root asked of the reader’s own node', async () => {
    await openBatch(0)
    await page.fill('.ask input', market.rpc.url)
    await page.click('.ask button')
    await page.waitForSelector('.notice.good:has-text("Your node has the same word")', WAIT)
    expect(problems.filter((problem) => !problem.startsWith(market.rpc.url))).to.deep.equal([])
  })

  it('says so where it does not show its vouchers, is too long, or is gone from the explorer’s node', async () => {
    const path = `**/batches/${provider.wallet.address}/0/transaction`
    const told = (await (await fetch(`${explorer}/api/batches/${provider.wallet.address}/0/transaction`)).json()) as any
    const gone = { error: { code: 'CHAIN_PRUNED', message: 'it does not have it any more' } }
    const answers: [says: string, status: number, json: object][] = [
      ['The calldata does not show the vouchers', 200, { ...told, call: null }],
      ['inside the call of another contract', 200, { ...told, to: model.slice(0, 42), call: { ...told.call, wrapped: true } }],
      ['It is too long to be shown here', 200, { ...told, input: null }],
      ['it does not have it any more', 503, gone]
    ]
    for (const [says, status, json] of answers) {
      await page.route(path, (route) => route.fulfill({ status, json }))
      await openBatch(0)
      await page.waitForSelector(`main :text("${says}")`, { ...WAIT, state: 'attached' })
      await page.unroute(path)
    }
  })
})

/** The explorer's pages in a real browser: a session that moved twice is found, told leg by leg, and its receipt proves itself, or says where not. */

import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import type { Answer } from '../e2e/lib/http.ts'
import { served } from '../e2e/lib/legs.ts'
import { endless, type Market, startMarket, user } from '../e2e/lib/market.ts'
import { until } from '../e2e/lib/until.ts'
import { rawSums, totals } from '../node/explorer/raw-sums.ts'
import { built } from './lib/built.ts'
import { expectUsable, hasChromium, openBrowser, watchPage } from './lib/page.ts'
import { readPdf } from './lib/pdf.ts'
import { askedOf, giveWallet } from './lib/wallet.ts'

const KILLS_AT = [60, 150]
const FIRST_LOAD_BYTES_MAX = 250_000
const WAIT = { timeout: 60_000 }

interface Session {
  legs: { provider: string; modelId: string; from: number; to: number; completionUnits: number }[]
  receipts: { hash: string }[]
}

describe('the explorer’s pages', () => {
  let browser: Browser
  let market: Market
  let explorer: string
  let answer: Answer
  let page: Page
  let problems: string[]
  let loaded = 0

  before(async function () {
    if (!hasChromium()) return this.skip()
    await built('explorer')
    browser = await openBrowser()
    market = await startMarket({ explorer: true })
    explorer = market.net.explorerUrl as string
    const killed: string[] = []
    const request = { ...endless, temperature: 0, max_tokens: 240, messages: [user('Tell me a long story about a blue lamp.')] }
    answer = await market.ask(request, async ({ index, provider }) => {
      const at = KILLS_AT[killed.length]
      if (at === undefined || index < at || killed.includes(provider)) return
      killed.push(provider)
      await market.net.kill(provider)
    })
    await market.revive()
    page = await browser.newPage({ viewport: { width: 1_440, height: 900 } })
    problems = watchPage(page, explorer)
    weigh(page)
  })
  after(async () => {
    await browser?.close()
    await market?.stop()
  })

  const weigh = (weighed: Page): void => {
    loaded = 0
    weighed.on('requestfinished', async (request) => {
      const { responseBodySize } = await request.sizes()
      if (!request.url().includes('/api/')) loaded += responseBodySize
    })
  }
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${explorer}${path}`)
    return response.ok ? response.json() : undefined
  }
  let session: Session

  it('shows what all of it comes to, and weighs little', async () => {
    const id = answer.result.chainSession
    // Who died is paid when it is back, and receipts are collected after that.
    await until('every leg to be proven', async () => {
      const found = (await read(`/api/sessions/${id}`)) as Session | undefined
      if (found !== undefined) session = found
      return found?.legs.reduce((sum, { completionUnits }) => sum + completionUnits, 0) === 240
    })
    await page.goto(explorer)
    await page.waitForSelector(`a[href="/session/${id}"]`, WAIT)
    expect(loaded).to.be.within(1, FIRST_LOAD_BYTES_MAX)
    await expectUsable(page, 'overview')
  })

  it('adds up what the raw events say, to the wei', async () => {
    const { rpc, deployment } = market.net
    const summary = (await read('/api/summary')) as Record<string, string | number>
    const sums = await rawSums(rpc, deployment, Number(summary['block']))
    for (const name of totals) expect(String(summary[name]), name).to.equal(String(sums.get(name) ?? 0n))
    expect(sums.get('settled') ?? 0n, 'three legs were paid').to.not.equal(0n)
  })

  it('finds a session that moved twice, and tells its three legs with what each wrote', async () => {
    await page.setViewportSize({ width: 1_440, height: 900 })
    await page.fill('.search input', answer.result.chainSession.slice(0, 10))
    await page.waitForSelector(`#suggestions option[value="${answer.result.chainSession}"]`, { ...WAIT, state: 'attached' })
    await page.fill('.search input', answer.result.chainSession)
    await page.press('.search input', 'Enter')
    await page.waitForURL(`**/session/${answer.result.chainSession}`, WAIT)
    await page.waitForSelector('.timeline li', WAIT)
    const told = await page.locator('.timeline .lane-end b').allTextContents()
    expect(told.map(Number)).to.deep.equal(served(answer).map(({ from, to }) => to - from))
    const colours = await page.locator('.timeline .band').evaluateAll((all) => all.map((one) => getComputedStyle(one).fill))
    expect(new Set(colours).size).to.equal(3)
    await expectUsable(page, 'session')
  })

  it('verifies a receipt in the browser, and asks the reader’s own node for the one word', async () => {
    const [first] = session.receipts
    await page.click(`a[href="/receipt/${first?.hash}"]`)
    await page.waitForSelector('[data-verdict=holds]', WAIT)
    expect(await page.locator('.path li').count()).to.equal(4)
    await expectUsable(page, 'receipt')
    expect(problems).to.deep.equal([])
    await page.fill('.ask input', market.net.rpc)
    await page.click('.ask button')
    await page.waitForSelector('.notice.good:has-text("Your node has the same word")', WAIT)
    problems.splice(0, problems.length, ...problems.filter((problem) => !problem.startsWith(market.net.rpc)))
  })

  it('names the step at which a changed receipt, proof or root fails', async () => {
    const proof = (await read(`/api/receipts/${session.receipts[0]?.hash}/proof`)) as {
      receipt: { amount: string }
      work: { siblings: string[] }
      batch: { header: { root: string } }
    }
    const other = `0x${'11'.repeat(32)}`
    const changed: [step: string, proof: object][] = [
      ['receipt', { ...proof, receipt: { ...proof.receipt, amount: String(BigInt(proof.receipt.amount) + 1n) } }],
      ['work', { ...proof, work: { ...proof.work, siblings: [other, ...proof.work.siblings.slice(1)] } }],
      ['batch', { ...proof, batch: { ...proof.batch, header: { ...proof.batch.header, root: other } } }]
    ]
    await page.goto(`${explorer}/verify`)
    for (const [step, file] of changed) {
      await page.fill('textarea', JSON.stringify(file))
      await page.waitForSelector(`[data-verdict=fails]:has-text("fails at the step “${step}”")`, WAIT)
    }
    await page.fill('textarea', JSON.stringify(proof))
    await page.waitForSelector('[data-verdict=holds]', WAIT)
  })

  it('asks a wallet for the account alone, and says in words where there is none or it refuses', async () => {
    await page.goto(`${explorer}/account`)
    await page.waitForSelector('text=There is no wallet in this browser', WAIT)
    const { account } = market.net.accounts.client
    for (const named of ['refuses', account.toUpperCase().replace('0X', '0x')]) {
      const own = await browser.newPage()
      const seen = watchPage(own, explorer)
      await giveWallet(own, named)
      await own.goto(`${explorer}/account`)
      await own.click('button:has-text("Connect a wallet")')
      if (named === 'refuses') {
        await own.waitForSelector('.notice:has-text("the request was refused")', WAIT)
        await expectUsable(own, 'account with a wallet')
      } else {
        await own.waitForURL(`**/account/${account}`, WAIT)
        await own.waitForSelector('a:has-text("Statement, for paper")', WAIT)
        await expectUsable(own, 'account')
      }
      expect(await askedOf(own)).to.deep.equal(['eth_requestAccounts'])
      expect(seen).to.deep.equal([])
      await own.close()
    }
  })

  it('prints the statement of a client and of a provider: every line with its proof, and the sums of the CSV', async () => {
    for (const account of [market.net.accounts.client.account, (session.legs[0] as Session['legs'][number]).provider]) {
      await page.goto(`${explorer}/account/${account}/statement`)
      await page.waitForSelector('.totals data', WAIT)
      const csv = await (await fetch(`${explorer}/api/accounts/${account}/statement.csv`)).text()
      const rows = csv.trim().split('\r\n').slice(1)
      const sums = new Map<string, bigint>()
      for (const [, kind = '', , wei = ''] of rows.map((row) => row.split(','))) {
        sums.set(kind, (sums.get(kind) ?? 0n) + BigInt(wei))
      }
      const told = await page.locator('.totals data').evaluateAll((all) => all.map((one) => one.getAttribute('value')))
      expect(told).to.deep.equal([...sums].map(([kind, wei]) => `${kind} ${wei}`))
      await expectUsable(page, 'statement')

      await page.evaluate('window.print = () => { window.printed = true }')
      await page.click('button:has-text("Print or save as PDF")')
      expect(await page.evaluate('window.printed')).to.equal(true)
      const written = await page.locator('.lines a').allTextContents()
      await page.emulateMedia({ colorScheme: 'dark' }) // and on paper light all the same
      const pdf = readPdf(await page.pdf({ preferCSSPageSize: true, printBackground: true }))
      expect(pdf.pages).to.be.at.least(1)
      expect(pdf.size).to.deep.equal([595, 842])
      expect(written).to.have.length(rows.length)
      expect([...new Set(pdf.links)]).to.have.members([...new Set(written)])
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
      expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).to.equal('rgb(255, 255, 255)')
      await page.emulateMedia({ media: null })
      for (const link of new Set(written)) {
        await page.goto(link)
        await page.waitForSelector('main .facts', WAIT)
      }
    }
    await expectUsable(page, 'batch or event')
    expect(problems).to.deep.equal([])
  })

  it('states a year or a month alone', async () => {
    const { account } = market.net.accounts.client
    const csv = await (await fetch(`${explorer}/api/accounts/${account}/statement.csv`)).text()
    const rows = csv.trim().split('\r\n').slice(1)
    const first = rows[0] as string
    for (const period of [first.slice(0, 4), first.slice(0, 7)]) {
      await page.goto(`${explorer}/account/${account}/statement/1999/01`)
      await page.waitForSelector('.empty', WAIT)
      await page.selectOption('select[aria-label=Period]', period)
      await page.waitForURL(`**/statement/${period.replace('-', '/')}`, WAIT)
      await page.waitForSelector('.totals data', WAIT)
      expect(await page.locator('.lines a').count()).to.equal(rows.filter((row) => row.startsWith(period)).length)
    }
    await expectUsable(page, 'statement of a month')
  })

  it('lays a long statement out in pages that end between lines, and sums what it read part by part', async () => {
    const own = await browser.newPage()
    const account = `0x${'ab'.repeat(20)}`
    const line = { at: 1, kind: 'earned', amount: '1', other: account, batch: 0, block: 0, logIndex: 0, transaction: account }
    await own.route('**/api/accounts/*/statement?*', (route) => {
      const part = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
      return route.fulfill({ json: { items: Array(40).fill(line), next: part < 2 ? String(part + 1) : null } })
    })
    await own.goto(`${explorer}/account/${account}/statement`)
    await own.waitForSelector('.totals data[value="earned 120"]', WAIT)
    const pdf = readPdf(await own.pdf({ preferCSSPageSize: true }))
    expect(pdf.pages).to.be.within(4, 12)
    // A link that a page's end tears apart would be there twice.
    expect(pdf.links).to.have.length(120)
    await own.close()
  })

  it('tells what a model cost, and draws it over many days with what is loaded only then', async () => {
    const { items } = (await read('/api/models')) as { items: { modelId: string }[] }
    const modelId = items[0]?.modelId
    const told = (await read(`/api/models/${modelId}/prices`)) as { items: { low: string; high: string }[] }
    const [{ price }] = answer.result.legs as unknown as [{ price: { completion: string } }]
    const { completion } = price
    expect(told.items.length).to.be.within(1, 2) // two around midnight
    for (const { low, high } of told.items) expect([low, high]).to.deep.equal([completion, completion])
    const items60 = Array.from({ length: 60 }, (_, i) => ({
      day: 86_400 * (20_000 - i),
      written: '1000',
      paid: String(BigInt(completion) * BigInt(1_000 + i)),
      low: completion,
      high: String(BigInt(completion) * 2n)
    }))
    const scripts: string[] = []
    page.on('response', (response) => response.url().endsWith('.js') && scripts.push(response.url()))
    await page.route('**/prices?*', (route) => route.fulfill({ json: { items: items60, next: null } }))
    await page.goto(`${explorer}/model/${modelId}`)
    await page.waitForSelector('.chart svg [aria-label=line] path', WAIT)
    expect(scripts.filter((url) => url.includes('/plot-'))).to.have.length(1)
    expect(await page.locator('[aria-label=prices] tbody tr').count()).to.equal(60)
    await expectUsable(page, 'model')
    await page.unroute('**/prices?*')
    expect(problems).to.deep.equal([])
  })

  it('draws what was settled over many days, and still weighs little', async () => {
    const context = await browser.newContext()
    const fresh = await context.newPage()
    const said = watchPage(fresh, explorer)
    weigh(fresh)
    const today = Math.floor(Date.now() / 86_400_000)
    const items = Array.from({ length: 30 }, (_, i) => {
      const sums = { settled: `${i + 1}${'0'.repeat(17)}`, royalties: '0', batches: 1, payments: 2, written: '3' }
      return { day: 86_400 * (today - i), ...sums }
    })
    await fresh.route('**/api/days?*', (route) => route.fulfill({ json: { items, next: null } }))
    await fresh.goto(explorer)
    await fresh.waitForSelector('.chart svg [aria-label=rect] path, .chart svg [aria-label=rect] rect', WAIT)
    await fresh.click('summary')
    expect(await fresh.locator('[aria-label=days] tbody tr').count()).to.equal(30)
    await expectUsable(fresh, 'overview of many days')
    expect(loaded).to.be.within(1, FIRST_LOAD_BYTES_MAX)
    expect(said).to.deep.equal([])
    await context.close()
  })

  it('has every other page, complains of nothing and asks no other host', async () => {
    const { provider } = session.legs[0] as Session['legs'][number]
    for (const path of [
      'sessions',
      'providers',
      `provider/${provider}`,
      'batches',
      `batch/${provider}/0`,
      'models',
      `model/${(session.legs[0] as Session['legs'][number]).modelId}`,
      'disputes',
      'account'
    ]) {
      await page.goto(`${explorer}/${path}`)
      await page.waitForSelector('main h1', WAIT)
      await page.waitForFunction(() => document.querySelector('.loading') === null, undefined, WAIT)
      await expectUsable(page, path)
    }
    expect(problems).to.deep.equal([])
  })
})

/** Work on its way to be paid, in a real browser: signed and waiting first, and then in a batch. */

import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { endless, type Market, startMarket, user } from '../e2e/lib/market.ts'
import { until } from '../e2e/lib/until.ts'
import { built } from './lib/built.ts'
import { expectUsable, hasChromium, openBrowser, watchPage } from './lib/page.ts'

const WAIT = { timeout: 60_000 }

interface Told {
  items: { provider: string; client: string; pending: string; signature: string; covered: boolean }[]
  sums: { channels: number; pending: string; covered: string }
}

describe('what is about to be settled, in a browser', () => {
  let browser: Browser
  let market: Market
  let explorer: string
  let page: Page
  let problems: string[]
  let provider: string

  before(async function () {
    if (!hasChromium()) return this.skip()
    await built('explorer')
    browser = await openBrowser()
    market = await startMarket({ explorer: true, providers: 1, settleEveryMs: 3_600_000 })
    explorer = market.net.explorerUrl as string
    page = await browser.newPage({ viewport: { width: 1_280, height: 900 } })
    problems = watchPage(page, explorer)
  })
  after(async () => {
    await browser?.close()
    await market?.stop()
  })

  const read = async (query = ''): Promise<Told> => (await (await fetch(`${explorer}/api/pending${query}`)).json()) as Told

  it('shows an answer’s work on the overview before any batch', async () => {
    await page.goto(explorer)
    await page.waitForSelector('.box.none', WAIT)
    await market.ask({ ...endless, temperature: 0, max_tokens: 40, messages: [user('Hello, who are you?')] })
    const told = await until('the voucher', async () => {
      const found = await read()
      return found.items.length > 0 && found
    })
    provider = told.items[0]?.provider as string
    expect(told.items[0]).to.include({ client: market.net.accounts.client.account, covered: true })
    await page.waitForSelector(`.box.open a[href="/pending/provider/${provider}"]`, WAIT)
    expect(await page.locator('.box.full').count()).to.equal(0)
    await expectUsable(page, 'overview with something pending')
  })

  it('lists it, and checks its signature in the browser', async () => {
    await page.click('.box.open a')
    await page.waitForSelector('[aria-label=pending] .holds', WAIT)
    await expectUsable(page, 'pending')
    for (const path of [`provider/${provider}`, `account/${market.net.accounts.client.account}`]) {
      await page.goto(`${explorer}/${path}`)
      await page.waitForSelector('.facts a[href^="/pending/"]', WAIT)
    }
    const [row] = (await read()).items
    await page.route('**/api/pending?*', async (route) => {
      const body = (await (await route.fetch()).json()) as Told
      await route.fulfill({ json: { ...body, items: [{ ...row, total: '1', pending: '1', settled: '0' }] } })
    })
    await page.goto(`${explorer}/pending`)
    await page.waitForSelector('[aria-label=pending] .fails:has-text("not signed")', WAIT)
    await page.unroute('**/api/pending?*')
    expect(problems).to.deep.equal([])
  })

  it('says when it is expected, from when its provider settled before', async () => {
    const pendingPage = `${explorer}/pending/provider/${provider}`
    await page.goto(pendingPage)
    await page.waitForSelector('text=not known yet: its provider has settled too few times', WAIT)
    await page.waitForSelector('[data-name=Expected]:has-text("not known yet")', WAIT)
    let ago = 0
    await page.route('**/api/pending**', async (route) => {
      const { items, ...body } = (await (await route.fetch()).json()) as Told
      const intervals = Array.from({ length: 20 }, (_, i) => (i % 5 === 4 ? 660 : 600))
      const rhythm = { lastAt: Math.floor(Date.now() / 1_000) - ago, intervals }
      await route.fulfill({ json: { ...body, items: items.map((row) => ({ ...row, rhythm })) } })
    })
    const says = (where: string, words: RegExp) =>
      until(`${words}`, async () => words.test((await page.locator(where).first().textContent({ timeout: 60_000 })) ?? ''))
    ago = 120
    await page.goto(explorer)
    await says('.box.open', /1 channel · expected in 8 min\.$/)
    await expectUsable(page, 'overview with an estimate')
    for (const path of [`provider/${provider}`, `account/${provider}`]) {
      await page.goto(`${explorer}/${path}`)
      await says(
        '.facts span:has(> a[href^="/pending/"])',
        /1 channel · expected in 8 min\. · an estimate, from when it settled before$/
      )
    }
    await page.goto(pendingPage)
    const sentence = 'main p:has-text("its own choice")'
    await says(
      sentence,
      /^Expected in 8 min\., between \d\S* .*and \d.* for 8 in 10\. It is an estimate from the chain, where 20 of the last 20 intervals/
    )
    await says(sentence, /Such a range would have held for 15 of its last 16 settlements\. When to settle is its own choice\.$/)
    await says('[data-name=Expected]', /^in 8 min\.$/)
    await expectUsable(page, 'pending with an estimate')
    ago = 570
    await page.goto(pendingPage)
    await says('[data-name=Expected]', /^in [23]\d sec\.$/)
    const first = await page.locator('[data-name=Expected]').textContent()
    await until('time to go by', async () => (await page.locator('[data-name=Expected]').textContent()) !== first)
    ago = 660
    await page.goto(pendingPage)
    await says('main p:has-text("so no time is told")', /^Later than ever before: between its last 21 settlements/)
    await says('[data-name=Expected]', /^later than ever before$/)
    await page.unroute('**/api/pending**')
    expect(problems).to.deep.equal([])
  })

  it('moves it to what was settled when a batch pays it', async () => {
    await page.goto(explorer)
    await page.waitForSelector('.box.open', WAIT)
    const { sums } = await read()
    market.net.provider(market.net.providers[0]?.name ?? '').child?.process.kill('SIGTERM') // it settles before it goes
    await page.waitForSelector(`.box.full a[href="/batch/${provider}/0"]`, WAIT)
    await page.waitForSelector('.box.none', WAIT)
    expect((await read()).items).to.deep.equal([])
    const batch = (await (await fetch(`${explorer}/api/batches/${provider}/0`)).json()) as { header: { total: string } }
    expect(batch.header.total).to.equal(sums.pending)
    await expectUsable(page, 'overview with nothing pending')
    expect(problems).to.deep.equal([])
  })
})

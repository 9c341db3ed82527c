/** The gateway's page in a real browser: who answers is killed by a click, the colours change, the bill is the chain's to the wei. */

import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { silentLog, systemClock } from 'openseam/components'
import type { Browser, Page } from 'playwright-core'
import { Registry } from 'prom-client'
import type { LegObject } from '../../node/devnet/sse.ts'
import { createGateway, type GatewayServer, serveGateway } from '../../node/gateway/index.ts'
import { openSite, siteDir } from '../../node/lib/site.ts'
import { expectExactBooks } from '../e2e/lib/books.ts'
import { type Market, startMarket } from '../e2e/lib/market.ts'
import { fakeClient } from '../node/gateway/fake-client.ts'
import { built } from './lib/built.ts'
import { expectUsable, hasChromium, openBrowser, watchPage } from './lib/page.ts'

const PACE = 160
const FIRST_LOAD_BYTES_MAX = 250_000
const KILL_AT_CHARACTERS = 120
const WAIT = { timeout: 60_000 }
const PROMPT = 'My name is Ada. Tell me a story about a blue lamp.'
describe('the playground', () => {
  let browser: Browser
  before(async function () {
    if (!hasChromium()) return this.skip()
    await built('playground')
    browser = await openBrowser()
  })
  after(() => browser?.close())

  describe('of a devnet', () => {
    let market: Market
    let page: Page
    let problems: string[]
    let loaded = 0
    before(async () => {
      market = await startMarket({ providers: 3, pace: PACE, explorer: true })
      page = await browser.newPage({ viewport: { width: 1_440, height: 900 } })
      problems = watchPage(page, market.gateway)
      page.on('requestfinished', async (request) => {
        const { responseBodySize } = await request.sizes()
        if (!/\/v1\/|\.json$/.test(request.url())) loaded += responseBodySize
      })
      await page.goto(market.gateway)
    })
    after(() => market?.stop())

    const done = (count: number): Promise<unknown> =>
      page.waitForFunction((wanted) => document.querySelectorAll('[data-phase=done]').length === wanted, count, WAIT)

    it('says who reads the text before anything is sent, and weighs little', async () => {
      await page.waitForSelector('#model option:not([value=""])', { state: 'attached', ...WAIT })
      expect(await page.textContent('.welcome')).to.include('The provider that answers reads what you write.')
      expect(loaded).to.be.within(1, FIRST_LOAD_BYTES_MAX)
      await expectUsable(page, 'welcome')
    })

    it('goes on in another colour when the one that writes is killed, and bills what the chain pays', async () => {
      await page.setViewportSize({ width: 1_440, height: 900 })
      // By keyboard alone: from the top of the page to the text field, and Enter.
      await page.focus('#prompt')
      await page.keyboard.type(PROMPT)
      await page.keyboard.press('Enter')
      await page.waitForFunction(
        (count) => (document.querySelector('.made')?.textContent?.length ?? 0) > count,
        KILL_AT_CHARACTERS,
        WAIT
      )
      const writer = (await page.getAttribute('.made', 'data-provider')) ?? ''
      const { name } = market.net.provider(writer)
      await page.click(`.live >> text="Kill ${name}"`)
      await done(1)
      expect(market.net.provider(writer).state).to.equal('down')

      const spans = page.locator('.made')
      const colours = await spans.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor))
      const makers = await spans.evaluateAll((all) => all.map((one) => one.getAttribute('data-provider')))
      expect(makers.length).to.be.at.least(2)
      expect(makers[0]).to.equal(writer)
      expect(makers[1]).to.not.equal(writer)
      expect(new Set(colours).size).to.equal(new Set(makers).size)
      expect(await page.locator('.seam').first().textContent()).to.match(new RegExp(`^${name} is gone, p\\d goes on .* ms$`))

      await page.fill('#prompt', 'What is my name?')
      await page.press('#prompt', 'Enter')
      await done(2)
      expect(await page.locator('.answer').last().textContent()).to.include('Ada')

      const legs = await page.locator('.leg').evaluateAll((all) => all.map((one) => ({ ...(one as HTMLElement).dataset })))
      const sum = legs.reduce((so, { amount }) => so + BigInt(amount ?? 0), 0n)
      expect(sum > 0n).to.equal(true)
      expect(await page.getAttribute('.total', 'data-wei')).to.equal(sum.toString())
      expect(await page.getAttribute('.total data', 'title')).to.include(`${sum} wei`)
      const proofs = page.locator('.leg').filter({ has: page.locator(`a[href^="${market.net.explorerUrl}/receipt/0x"]`) })
      expect(await proofs.count()).to.equal(legs.length)
      await expectUsable(page, 'answered')

      await page.setViewportSize({ width: 1_440, height: 900 })
      await page.click(`button:has-text("Start ${name}")`)
      const paid = legs.map(
        ({ provider, amount }) => ({ account: market.net.provider(provider ?? '').account, amount }) as LegObject
      )
      await expectExactBooks(market.chain, paid)
    })

    it('complained of nothing and asked no other host', () => {
      expect(problems).to.deep.equal([])
    })
  })

  describe('of a gateway that asks for a key', () => {
    const key = 'key-of-a-test'
    let server: GatewayServer
    before(async () => {
      const components = { client: fakeClient(), log: silentLog, registry: new Registry(), clock: systemClock, version: '0.1.0' }
      const { app } = createGateway(
        { ...components, site: openSite(siteDir('playground')) },
        { keyHashes: new Set([createHash('sha256').update(key).digest('hex')]) }
      )
      server = await serveGateway(app, { host: '127.0.0.1', port: 0 })
    })
    after(() => server?.close(0))

    it('takes it, keeps it in the tab, and shows no power over providers', async () => {
      const page = await browser.newPage()
      await page.goto(server.url)
      await page.fill('#key', 'wrong')
      await page.press('#key', 'Enter')
      await page.waitForSelector('text=does not know that key', WAIT)
      await page.fill('#key', key)
      await page.press('#key', 'Enter')
      await page.waitForSelector('.welcome', WAIT)
      await page.fill('#prompt', 'Hi')
      await page.press('#prompt', 'Enter')
      await page.waitForSelector('[data-phase=done]', WAIT)
      expect(await page.textContent('.answer')).to.equal('Hello there')
      expect(await page.locator('button:has-text("Kill")').count()).to.equal(0)
      await expectUsable(page, 'answered')
      expect(await page.evaluate('JSON.stringify(localStorage)')).to.not.include(key)
    })
  })
})

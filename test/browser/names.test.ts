/** Names in the explorer's pages: proven ones from the chain and the manifests, the reader's own, and an address as a QR code. */

import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { type Market, MODEL, startMarket, user } from '../e2e/lib/market.ts'
import { until } from '../e2e/lib/until.ts'
import { built } from './lib/built.ts'
import { expectUsable, hasChromium, openBrowser, watchPage } from './lib/page.ts'
import { readQrPath } from './lib/qr.ts'

const WAIT = { timeout: 60_000 }

describe('names in the explorer’s pages', () => {
  let browser: Browser
  let market: Market
  let explorer: string
  let page: Page
  let problems: string[]
  let provider: string
  let modelId: string
  let session: string

  before(async function () {
    if (!hasChromium()) return this.skip()
    await built('explorer')
    browser = await openBrowser()
    market = await startMarket({ explorer: true, providers: 2 })
    explorer = market.net.explorerUrl as string
    const answer = await market.ask({ max_tokens: 8, messages: [user('Hello.')] })
    session = answer.result.chainSession
    await until('its receipts', async () => (await read(`/api/sessions/${session}`))?.legs?.length === 1)
    const [leg] = (await read(`/api/sessions/${session}`)).legs
    provider = leg.provider
    modelId = leg.modelId
    page = await browser.newPage({ viewport: { width: 1_280, height: 900 } })
    problems = watchPage(page, explorer)
  })
  after(async () => {
    await browser?.close()
    await market?.stop()
  })

  const read = async (path: string): Promise<any> => {
    const response = await fetch(`${explorer}${path}`)
    return response.ok ? response.json() : undefined
  }
  const search = async (text: string): Promise<void> => {
    await page.fill('.search input', text)
    await page.press('.search input', 'Enter')
  }
  const giveName = async (name: string): Promise<void> => {
    await page.click('button:has-text("Give it a name")')
    await page.fill('.name-it input', name)
    await page.click('.name-it button:has-text("Keep")')
    await page.waitForSelector(`text=You call it ${name}`, WAIT)
  }

  it('names a model by the manifest that its id commits to, and finds it by that name', async () => {
    await until('its name', async () => (await read(`/api/models/${modelId}`))?.named?.name === MODEL)
    await page.goto(`${explorer}/session/${session}`)
    await page.waitForSelector(`.facts a[href="/model/${modelId}"] .named[title="${modelId}"]:has-text("${MODEL}")`, WAIT)
    await search(MODEL.toUpperCase())
    await page.waitForURL(`**/model/${modelId}`, WAIT)
    await page.waitForSelector('text=named so by its manifest, which the id commits to', WAIT)
    expect(await page.locator('main .whole').first().textContent()).to.include(modelId)
    await expectUsable(page, 'a model with a name')
  })

  it('shows the id beside a name that two models have, and any name as the text that it is', async () => {
    const own = await browser.newPage()
    const said = watchPage(own, explorer)
    const name = '<img src=x onerror=alert(1)>'
    await own.route('**/api/names?*', (route) =>
      route.fulfill({ json: { items: [{ modelId, name, shared: true }], next: null } })
    )
    await own.goto(`${explorer}/session/${session}`)
    const named = own.locator(`.facts a[href="/model/${modelId}"] .named`)
    await named.waitFor(WAIT)
    expect(await named.locator('bdi').textContent()).to.equal(name)
    expect(await named.locator('.mono').textContent()).to.equal(`${modelId.slice(0, 6)}…${modelId.slice(-4)}`)
    expect(said).to.deep.equal([])
    await own.close()
  })

  it('finds a contract by its name, and says what an account is', async () => {
    await search('ledger')
    await page.waitForURL(`**/account/${market.net.deployment.ledger}`, WAIT)
    await page.waitForSelector('.tags:has-text("contract: Ledger")', WAIT)
    await page.goto(`${explorer}/account/${provider}`)
    await page.waitForSelector(`.tags a[href="/provider/${provider}"]`, WAIT)
    await expectUsable(page, 'an account with tags')
  })

  it('keeps what its reader calls things in this browser, shows it everywhere and finds it', async () => {
    const sent: string[] = []
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
    await page.goto(`${explorer}/account/${provider}`)
    await giveName('Zebra 🦓')
    await page.goto(`${explorer}/session/${session}`)
    await giveName('First talk')
    await page.waitForSelector(`.facts ~ section .own[title^="${provider}"]:has-text("Zebra 🦓")`, WAIT)
    await expectUsable(page, 'a session with a name')
    await page.setViewportSize({ width: 1_280, height: 900 })
    await search('r')
    await page.waitForSelector(`.found li:has(a[href="/account/${provider}"]):has(.tags)`, WAIT)
    expect(await page.locator('.found > li').count(), 'two own names, and the Registry').to.equal(3)
    await expectUsable(page, 'several finds')
    await search('zebra')
    await page.waitForURL(`**/account/${provider}`, WAIT)
    await page.click('button:has-text("Change the name")')
    await page.fill('.name-it input', 'a\u202eb')
    await page.click('.name-it button:has-text("Keep")')
    await page.waitForSelector('.notice.bad:has-text("can be seen")', WAIT)
    await expectUsable(page, 'a name that is refused')
    expect(sent.filter((request) => /zeb|first t/i.test(decodeURIComponent(request)))).to.deep.equal([])
  })

  it('takes the names along as a file, and brings them back', async () => {
    await page.goto(`${explorer}/names`)
    await page.waitForSelector('[aria-label=names] tbody tr:nth-child(2)', WAIT)
    await expectUsable(page, 'all names')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Export")')])
    const file = await download.path()
    const { labels } = JSON.parse(readFileSync(file, 'utf8'))
    expect(labels).to.deep.equal([
      { kind: 'account', id: provider, name: 'Zebra 🦓' },
      { kind: 'session', id: session, name: 'First talk' }
    ])
    const context = await browser.newContext()
    const other = await context.newPage()
    const seen = watchPage(other, explorer)
    await other.goto(`${explorer}/names`)
    await other.waitForSelector('text=None yet', WAIT)
    await other.setInputFiles('input[type=file]', {
      name: 'bad.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"format": "openseam-labels-1", "labels": [{}]}')
    })
    await other.waitForSelector('text=A label has a kind', WAIT)
    expect(await other.locator('tbody tr').count()).to.equal(0)
    await other.setInputFiles('input[type=file]', file)
    await other.waitForSelector('text=2 names read', WAIT)
    await other.click('button[aria-label="Remove First talk"]')
    await other.reload()
    await other.waitForSelector('.own:has-text("Zebra 🦓")', WAIT)
    expect(await other.locator('tbody tr').count()).to.equal(1)
    expect(seen).to.deep.equal([])
    await context.close()
  })

  it('draws an address for a camera, dark on light in both schemes, with what is loaded only then', async () => {
    const scripts: string[] = []
    await page.goto(`${explorer}/account/${provider}`)
    await page.waitForSelector('.tags', WAIT)
    page.on('response', (response) => response.url().endsWith('.js') && scripts.push(response.url()))
    await page.click('button:has-text("QR code")')
    const drawing = page.locator(`svg.qr[aria-label="QR code of ${provider}"]`)
    await drawing.waitFor(WAIT)
    expect(scripts.filter((url) => url.includes('qr-code'))).to.have.length(1)
    expect(readQrPath((await drawing.locator('path').getAttribute('d')) ?? '')).to.equal(provider)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const fills = await drawing.locator('rect, path').evaluateAll((all) => all.map((one) => getComputedStyle(one).fill))
      expect(fills, colorScheme).to.deep.equal(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
    }
    await expectUsable(page, 'a QR code')
    expect(problems).to.deep.equal([])
  })
})

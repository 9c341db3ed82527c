/** Charts in a real browser: a span is chosen by keyboard and kept in the address, and what is drawn can be taken along, to the wei. */

import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { history } from './lib/history.ts'
import { type HistorySite, openHistory } from './lib/history-site.ts'
import { expectUsable, hasChromium, watchPage } from './lib/page.ts'

const WAIT = { timeout: 60_000 }
const { client, provider, modelId, end } = history

describe('the explorer’s charts', function () {
  this.timeout(240_000)
  let opened: HistorySite | undefined
  let browser: Browser
  let page: Page
  let explorer: string
  let problems: string[]

  before(async function () {
    if (!hasChromium()) return this.skip()
    opened = await openHistory()
    ;({ browser, explorer } = opened)
    page = await browser.newPage({ viewport: { width: 1_280, height: 900 } })
    await page.clock.setFixedTime(end * 1_000)
    problems = watchPage(page, explorer)
  })
  after(() => opened?.close())

  const read = async (path: string): Promise<any> => (await fetch(`${explorer}${path}`)).json()
  const bars = '.chart svg [aria-label=rect] > *'
  const drawn = (marks: string, count: number): Promise<unknown> =>
    page.waitForFunction(([of, many]) => document.querySelectorAll(of).length === many, [marks, count] as const, WAIT)
  /** What a button gives the reader to keep. */
  const taken = async (button: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download', WAIT), page.click(button)])
    return readFileSync(await download.path(), 'utf8')
  }

  it('show a span that the address names, chosen by keyboard', async () => {
    await page.goto(`${explorer}/?span=7d&show=payments`)
    await page.waitForSelector(bars, WAIT)
    await drawn(bars, (await read('/api/hours?limit=200')).items.filter(({ hour }: any) => hour > end - 7 * 86_400).length)
    await page.focus('[name=span][value="7d"]')
    await page.keyboard.press('ArrowRight') // 90 days, what an address means that says nothing
    await page.waitForURL(`${explorer}/?show=payments`, WAIT)
    await page.keyboard.press('ArrowRight')
    await page.waitForURL(`${explorer}/?show=payments&span=days`, WAIT)
    await drawn(bars, (await read('/api/days?limit=200')).items.length)
    await page.keyboard.press('ArrowRight')
    await drawn(bars, (await read('/api/weeks')).items.length)
    await page.reload()
    await drawn('[aria-label=weeks] tbody tr', (await read('/api/weeks')).items.length)
    expect(await page.isChecked('[name=span][value=weeks]')).to.equal(true)
    await page.goto(`${explorer}/?span=24h`)
    await page.waitForSelector(bars, WAIT)
    await expectUsable(page, 'overview by hour')
    expect(problems).to.deep.equal([])
  })

  it('can be taken along as a picture that needs no page, and as the numbers', async () => {
    const picture = await taken('.chart button')
    expect(picture).to.match(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(picture).to.include('<title>Settled, by hour</title>').and.not.include('var(')
    await page.click('details summary')
    const rows = (await taken('details .quiet-button')).trim().split('\r\n').slice(1)
    const { items } = await read('/api/hours?limit=200')
    expect(rows.map((row) => row.split(',')[1])).to.deep.equal(
      items.filter(({ hour }: any) => hour > end - 86_400).map(({ settled }: any) => settled)
    )
  })

  it('step through the escrow of a client and what a provider can claim, each step with its proof', async () => {
    const { deposited, withdrawn, spent } = await read(`/api/accounts/${client}`)
    const { earned, claimed } = await read(`/api/providers/${provider}`)
    const sides = [
      [client, 'escrow', `accounts/${client}`, BigInt(deposited) - BigInt(withdrawn) - BigInt(spent)],
      [provider, 'claimable', `providers/${provider}`, BigInt(earned) - BigInt(claimed)]
    ] as const
    for (const [account, side, path, now] of sides) {
      await page.goto(`${explorer}/account/${account}`)
      await page.waitForSelector('.chart svg [aria-label=dot] circle', WAIT)
      const { items } = await read(`/api/${path}/balance?limit=200`)
      expect(await page.locator('.chart svg [aria-label=dot] circle').count()).to.equal(items.length)
      await page.click('details summary')
      const first = page.locator(`[aria-label=${side}] tbody tr`).first()
      expect(await first.locator('data').getAttribute('value')).to.equal(String(now))
      await expectUsable(page, side)
      await page.check(`[name=${side}][value=day]`)
      await page.waitForURL(`**?${side}=day`, WAIT)
      await drawn('.chart circle', (await read(`/api/${path}/balance?by=day&limit=200`)).items.length)
      await page.click('details summary')
      await first.locator('a').click()
      await page.waitForSelector('main .facts', WAIT)
    }
    for (const path of [`provider/${provider}`, `model/${modelId}`]) {
      await page.goto(`${explorer}/${path}`)
      await page.waitForSelector(bars, WAIT)
      await expectUsable(page, path)
    }
    expect(problems).to.deep.equal([])
  })
})

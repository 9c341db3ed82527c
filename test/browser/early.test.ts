/** What a page of the explorer asks before its code is there: all of it is shown, and asked once. */

import { expect } from 'chai'
import type { Browser, Page as Tab } from 'playwright-core'
import { asksOf, paths, routeOf } from '../../node/explorer/web/paths.ts'
import type { ChainEvent, Page } from '../../node/explorer/web/wire.ts'
import { history } from './lib/history.ts'
import { type HistorySite, openHistory } from './lib/history-site.ts'
import { hasChromium, watchPage } from './lib/page.ts'

const WAIT = { timeout: 30_000 }
const STREAM = /\/api\/events(\?after=\d+-\d+)?$/
const ID = `0x${'ab'.repeat(32)}`
const pages = [
  ['overview', '/'],
  ['sessions', '/sessions'],
  ['session', `/session/${ID}`],
  ['receipt', `/receipt/${ID}`],
  ['providers', '/providers'],
  ['provider', `/provider/${history.provider}`],
  ['batches', '/batches'],
  ['batch', `/batch/${history.provider}/1`],
  ['models', '/models'],
  ['model', `/model/${history.modelId}`],
  ['disputes', '/disputes'],
  ['dispute', `/dispute/${ID}`],
  ['names', '/names']
] as const

describe('what a page asks first', function () {
  this.timeout(60_000)
  let opened: HistorySite | undefined
  let browser: Browser
  let explorer: string

  before(async function () {
    if (!hasChromium()) return this.skip()
    opened = await openHistory()
    ;({ browser, explorer } = opened)
  })
  after(() => opened?.close())

  /** Without the stream of events, whose pulse has everything asked again. `asked` gets each question. */
  const open = async (path: string): Promise<{ page: Tab; asked: string[]; problems: string[] }> => {
    const page = await browser.newPage()
    const problems = watchPage(page, explorer)
    const asked: string[] = []
    await page.route(STREAM, () => {}) // never answered
    page.on('request', (request) => {
      const asking = request.url().slice(explorer.length)
      if (asking.startsWith('/api/') && !STREAM.test(asking)) asked.push(asking)
    })
    await page.goto(`${explorer}${path}`)
    await shown(page)
    return { page, asked, problems }
  }
  const shown = async (page: Tab): Promise<void> => {
    await page.waitForSelector('main h1', WAIT)
    await page.waitForFunction(() => document.querySelector('.loading') === null, undefined, WAIT)
  }

  for (const [name, path] of pages) {
    it(`of the page ${name}: each once`, async () => {
      const { page, asked } = await open(path)
      try {
        expect(asked).to.include.members(asksOf(routeOf(path)))
        expect(asked.filter((each, i) => asked.indexOf(each) < i)).to.deep.equal([])
      } finally {
        await page.close()
      }
    })
  }

  it('is what each page asks as well that is not the first to be opened', async () => {
    const { page, asked } = await open('/verify')
    try {
      const always = new Set(asksOf(['verify']))
      for (const [name, path] of pages) {
        asked.length = 0
        await page.evaluate((to) => {
          window.history.pushState(null, '', to)
          dispatchEvent(new PopStateEvent('popstate'))
        }, path)
        await shown(page)
        const own = asksOf(routeOf(path)).filter((each) => !always.has(each))
        expect(asked, name).to.include.members(own)
      }
    } finally {
      await page.close()
    }
  })

  it('includes the newest events, and what happens next is followed from behind them', async () => {
    const page = await browser.newPage()
    try {
      const stream = page.waitForRequest(STREAM)
      await page.goto(explorer)
      const { items } = (await (await fetch(`${explorer}${paths.events}`)).json()) as Page<ChainEvent>
      expect((await stream).url()).to.match(new RegExp(`\\?after=${items[0]?.block}-${items[0]?.logIndex}$`))
      await page.waitForSelector('.pulse.on', WAIT)
    } finally {
      await page.close()
    }
  })

  it('is told as a failure where it failed, and asked again by who comes later', async () => {
    const page = await browser.newPage()
    try {
      let fails = true
      await page.route(`${explorer}${paths.providers}`, (route) =>
        fails ? route.fulfill({ status: 503, json: { error: { message: 'not now' } } }) : route.continue()
      )
      await page.route(STREAM, () => {})
      await page.goto(`${explorer}/providers`)
      await page.waitForSelector('.notice.bad', WAIT)
      fails = false
      await page.click('nav a[href="/models"]')
      await page.click('nav a[href="/providers"]')
      await page.waitForSelector('.table tbody tr', WAIT)
    } finally {
      await page.close()
    }
  })
})

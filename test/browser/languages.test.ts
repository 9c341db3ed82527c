/** The explorer's pages in every language, in a real browser: as it asks for one, and as its reader chooses. */

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { languages, rightToLeft } from '../../node/explorer/web/languages.ts'
import { type Catalog, catalog } from '../../scripts/words/catalogs.ts'
import { history } from './lib/history.ts'
import { type HistorySite, openHistory } from './lib/history-site.ts'
import { expectUsable, hasChromium, watchPage } from './lib/page.ts'

const WAIT = { timeout: 30_000 }
const TITLE = 'Who did what, for how much'
const FIRST_LOAD_BYTES_MAX = 250_000

describe('the explorer’s languages', function () {
  this.timeout(240_000)
  let opened: HistorySite | undefined
  let browser: Browser
  let words: Catalog
  let explorer: string
  let site: string

  before(async function () {
    if (!hasChromium()) return this.skip()
    words = await catalog()
    opened = await openHistory()
    ;({ browser, explorer, folder: site } = opened)
  })
  after(() => opened?.close())

  const inLanguage = async <Value>(locale: string, look: (page: Page, problems: string[]) => Promise<Value>): Promise<Value> => {
    const context = await browser.newContext({ locale, viewport: { width: 1_280, height: 900 } })
    try {
      const page = await context.newPage()
      await page.clock.setFixedTime(history.end * 1_000)
      return await look(page, watchPage(page, explorer))
    } finally {
      await context.close()
    }
  }
  const titleIn = async (language: string): Promise<string> => {
    const found = Object.values(await words.read(language)).find(({ message }) => message === TITLE)
    return found?.translation ?? ''
  }
  /** Names that stand twice in the head of a table or in a list of facts. */
  const saidTwice = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('thead, .facts')].flatMap((list) => {
        const names = [...list.querySelectorAll('th, dt')].map(({ textContent }) => textContent)
        return names.filter((name, i) => names.indexOf(name) < i)
      })
    )
  const rootOf = (page: Page): Promise<{ lang: string; dir: string }> =>
    page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }))
  const others = ['providers', `provider/${history.provider}`, `account/${history.client}`, 'batches', 'verify', 'pending']
  /** Those of the longest words, and one from right to left: the rest show their first page, which takes a minute as it is. */
  const shownWhole = new Set(['ar', 'de', 'fi', 'ru'])

  for (const language of Object.keys(languages)) {
    it(`speak ${language} to a browser that asks for it, on a narrow screen`, async () => {
      await inLanguage(language, async (page, problems) => {
        await page.setViewportSize({ width: 360, height: 800 })
        for (const path of ['', ...(shownWhole.has(language) ? others : [])]) {
          await page.goto(`${explorer}/${path}`)
          await page.waitForSelector('main h1', WAIT)
          await page.waitForFunction(() => document.querySelector('.loading') === null, undefined, WAIT)
          if (path === '') expect(await page.textContent('main h1')).to.equal(await titleIn(language))
          expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).to.be.at.most(0)
          expect(await saidTwice(page), `${path}: two columns or facts of one name`).to.deep.equal([])
        }
        expect(await rootOf(page)).to.deep.equal({ lang: language, dir: rightToLeft.has(language) ? 'rtl' : 'ltr' })
        expect(problems).to.deep.equal([])
      })
    })
  }

  it('weigh little, also the one of the most words, with a chart', async () => {
    const weightOf = (language: string): number => {
      const words = readdirSync(join(site, 'assets')).find((name) => name.startsWith(`${language}-`) && name.endsWith('.js.br'))
      return words === undefined ? 0 : statSync(join(site, 'assets', words)).size
    }
    const [heaviest = ''] = Object.keys(languages).sort((a, b) => weightOf(b) - weightOf(a))
    expect(weightOf(heaviest)).to.be.above(0)
    await inLanguage(heaviest, async (page) => {
      let loaded = 0
      page.on('requestfinished', async (request) => {
        const { responseBodySize } = await request.sizes()
        if (!request.url().includes('/api/')) loaded += responseBodySize
      })
      await page.goto(explorer)
      await page.waitForSelector('.chart svg', WAIT)
      expect(loaded).to.be.within(weightOf(heaviest), FIRST_LOAD_BYTES_MAX)
    })
  })

  it('are chosen by the reader, kept, and written as the reader’s region writes', async () => {
    await inLanguage('de-CH', async (page, problems) => {
      await page.goto(explorer)
      await page.waitForSelector(`h1:has-text("${await titleIn('de')}")`, WAIT)
      expect(await rootOf(page)).to.deep.equal({ lang: 'de-CH', dir: 'ltr' })
      await page.selectOption('select.language', 'ar')
      await page.waitForSelector(`h1:has-text("${await titleIn('ar')}")`, WAIT)
      await page.goto(`${explorer}/batches`)
      await page.waitForSelector('.table tbody tr', WAIT)
      expect(await rootOf(page)).to.deep.equal({ lang: 'ar', dir: 'rtl' })
      await expectUsable(page, 'batches, from right to left')
      await page.goto(explorer)
      await page.waitForSelector('.chart svg', WAIT)
      await expectUsable(page, 'overview, from right to left')
      expect(problems).to.deep.equal([])
    })
  })

  it('leave one in English where a reader’s storage holds none that there is', async () => {
    await inLanguage('tlh', async (page) => {
      await page.addInitScript(() => localStorage.setItem('openseam-language', '__proto__'))
      await page.goto(explorer)
      await page.waitForSelector(`h1:has-text("${TITLE}")`, WAIT)
      expect((await rootOf(page)).lang).to.equal('en')
    })
  })
})

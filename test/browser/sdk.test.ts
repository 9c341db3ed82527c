/** A page that is nothing but a file chats with providers and pays them; the one that is talking is killed. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { parseOpen } from 'openseam'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { fundedKeys } from '../../node/devnet/chain.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import { expectExactBooks } from '../e2e/lib/books.ts'
import { type Market, startMarket } from '../e2e/lib/market.ts'
import { hasChromium, openBrowser, openPage, serveFolder } from './lib/page.ts'

const PROVIDERS = 3
const BUNDLE_BYTES_MAX = 512 * 1024 // compressed: libp2p, the chain client, tokenizer and templates; 446 KB when this was written
const example = join(import.meta.dirname, '../../examples/browser')
const PROMPT = 'My name is Ada. Tell me a story about a blue lamp.'
const KILL_AT_CHARACTERS = 250

describe('a browser page without a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openseam-page-'))
  let market: Market
  let site: { url: string; close(): void }
  let browser: Browser
  before(async function () {
    if (!hasChromium()) return this.skip()
    market = await startMarket({ gateway: false, providers: PROVIDERS, pace: 160 })
    const conditions = ['source', 'browser', 'module', 'import', 'default']
    await build({
      root: example,
      configFile: false,
      logLevel: 'error',
      base: './',
      resolve: { conditions },
      build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 2_000 }
    })
    copyFileSync(market.net.file, join(folder, 'network.json'))
    site = await serveFolder(folder)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    site?.close()
    await market?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const send = async (page: Page): Promise<void> => {
    await page.fill('[name=key]', fundedKeys()[1 + PROVIDERS] as string)
    await page.fill('[name=prompt]', PROMPT)
    await page.click('text=Send')
  }
  const finished = async (page: Page): Promise<string> => {
    await page.waitForFunction(() => document.getElementById('bill')?.textContent?.includes('in all') === true, undefined, {
      timeout: 120_000
    })
    return (await page.textContent('#answer')) ?? ''
  }
  const notes = (page: Page): Promise<string[]> => page.locator('#notes li').allTextContents()

  it('is built of modules that need nothing of Node', () => {
    const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
    const text = scripts.map((name) => readFileSync(join(folder, 'assets', name), 'utf8')).join('\n')
    expect(text).to.not.match(/(from|import|require)\s*\(?["'`]node:/)
    expect(gzipSync(text).length).to.be.lessThan(BUNDLE_BYTES_MAX)
  })

  it('goes on with the same text when its provider is killed, and everyone is paid to the wei', async () => {
    const { page, errors } = await openPage(browser, site.url)
    await send(page)
    await page.waitForFunction(
      (count) => (document.getElementById('answer')?.textContent?.length ?? 0) > count,
      KILL_AT_CHARACTERS,
      {
        timeout: 120_000
      }
    )
    const [serving] = (await notes(page)).flatMap((text) => /the provider (\S+) reads the text/.exec(text)?.[1] ?? [])
    await market.net.kill(serving as string)
    const disturbed = await finished(page)
    expect((await notes(page)).some((text) => /is gone, \S+ took over/.test(text))).to.equal(true)

    await send(page)
    expect(await finished(page)).to.equal(disturbed)
    expect(disturbed.length).to.be.greaterThan(KILL_AT_CHARACTERS)

    for (const { name, state } of market.net.providers) if (state === 'down') await market.net.startProvider(name)
    const legs = (await notes(page)).flatMap((text) => {
      const [, end, open, account] = /^tokens \d+ to \d+, (\w+): ([\d.]+) OPEN to (0x\w+)$/.exec(text) ?? []
      return open === undefined ? [] : [{ end, account, amount: parseOpen(open).toString() } as LegObject]
    })
    expect(legs.map(({ end }) => end)).to.deep.equal(['died', 'finished', 'finished'])
    await expectExactBooks(market.chain, legs)
    expect(errors).to.deep.equal([])
  })
})

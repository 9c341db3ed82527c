/** A page in headless Chromium, and the files it is made of: what a browser test needs besides a market. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css'
}

/** For `before` hooks: false, said once, where there is no browser. */
export const hasChromium = (): boolean => {
  if (existsSync(CHROMIUM)) return true
  process.stderr.write(`skipped: there is no ${CHROMIUM}; apt-get install chromium\n`)
  return false
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS })

/** A page whose failures are not swallowed: `errors` has what it threw and what it logged as an error. */
export const openPage = async (browser: Browser, url: string): Promise<{ page: Page; errors: string[] }> => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(url)
  return { page, errors }
}

/** Serves a folder as any static host would, on a free port of loopback. */
export const serveFolder = async (folder: string): Promise<{ url: string; close(): void }> => {
  const server = createServer((request, response) => {
    const path = join(folder, request.url === '/' ? 'index.html' : (request.url ?? ''))
    if (!path.startsWith(folder) || !existsSync(path)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}

/** What a page should never do, as it happens: throw, log an error, ask a host that is not its own. */
export const watchPage = (page: Page, origin: string): string[] => {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('request', (request) => new URL(request.url()).origin !== origin && problems.push(request.url()))
  return problems
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** axe finds nothing serious and nothing is wider than the window, in both schemes, narrow and wide. */
export const expectUsable = async (page: Page, what: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1_920]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const found = (await page.evaluate(`${axe}; axe.run().then(({ violations }) => violations)`)) as {
        id: string
        impact: string
      }[]
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      const where = `${what}, ${colorScheme}, ${width} px`
      expect(
        serious.map(({ id }) => id),
        where
      ).to.deep.equal([])
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), where).to.be.at.most(0)
    }
  }
}

/** Largest contentful paint in a real browser, on loopback, with nothing cached: each visit has a context of its own. */
import type { Browser } from 'playwright-core'
import { quantile, round } from './stats.ts'

export interface PaintRow {
  page: string
  p50: number
  max: number
}

const SETTLE_MS = 250 // a paint is told to observers after the frame that made it
const WAIT = { timeout: 30_000 }

/** Milliseconds from the start of the navigation. A browser tells ever larger paints; the last one counts. */
const paintOf = async (browser: Browser, url: string): Promise<number> => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(`new PerformanceObserver((list) => { globalThis.painted = list.getEntries().at(-1).startTime })
      .observe({ type: 'largest-contentful-paint', buffered: true })`)
    await page.goto(url)
    await page.waitForSelector('main h1', WAIT)
    await page.waitForFunction(() => document.querySelector('.loading') === null, undefined, WAIT)
    await page.waitForTimeout(SETTLE_MS)
    return (await page.evaluate('globalThis.painted')) as number
  } finally {
    await context.close()
  }
}

/** Pages in turn, `rounds` times, each time another row of it. */
export const paints = async (
  browser: Browser,
  origin: string,
  pages: Record<string, () => string>,
  rounds: number
): Promise<PaintRow[]> => {
  const times = new Map<string, number[]>(Object.keys(pages).map((page) => [page, []]))
  for (let i = 0; i < rounds; i++) {
    for (const [page, pathOf] of Object.entries(pages)) times.get(page)?.push(await paintOf(browser, `${origin}${pathOf()}`))
  }
  return [...times].map(([page, found]) => ({ page, p50: round(quantile(found, 0.5)), max: round(Math.max(...found)) }))
}

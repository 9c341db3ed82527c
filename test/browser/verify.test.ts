/** The offline verifier, opened from a file: what holds is green, what was changed is red at the step that fails, and nothing is fetched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { buildVerifyPage } from '../../scripts/verify-page.ts'
import { hasChromium, openBrowser } from './lib/page.ts'

const PAGE_BYTES_MAX = 100 * 1024 // compressed
const OFFLINE_STEPS = ['format', 'receipt', 'signature', 'work', 'amount', 'batch']
const vectors: { valid: { name: string; proof: object }[]; broken: { name: string; step: string; proof: object }[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../vectors/proof.json'), 'utf8')
)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the offline verifier', function () {
  this.timeout(120_000)
  const folder = mkdtempSync(join(tmpdir(), 'openseam-verify-'))
  const file = join(folder, 'verify.html')
  const problems: string[] = []
  let browser: Browser
  let page: Page

  before(async function () {
    if (!hasChromium()) return this.skip()
    writeFileSync(file, await buildVerifyPage())
    browser = await openBrowser()
    page = await browser.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('request', (request) => request.url() !== pathToFileURL(file).href && problems.push(request.url()))
    await page.goto(pathToFileURL(file).href)
  })
  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const check = async (text: string): Promise<{ outcome: string | null; verdict: string | null }> => {
    await page.fill('#text', text)
    const verdict = page.locator('#verdict')
    return { outcome: await verdict.getAttribute('data-outcome'), verdict: await verdict.textContent() }
  }

  it('is one small file', () => {
    expect(gzipSync(readFileSync(file)).length).to.be.below(PAGE_BYTES_MAX)
  })

  it('finds every proof that holds to hold, pasted or chosen', async () => {
    for (const { name, proof } of vectors.valid) {
      expect((await check(JSON.stringify(proof))).outcome, name).to.equal('holds')
      expect(await page.locator('#steps .fails').count(), name).to.equal(0)
      expect(await page.textContent('#ask'), name).to.include('batchCommit(')
    }
    await check('')
    await page.setInputFiles('#file', {
      name: 'proof.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(vectors.valid[0]?.proof))
    })
    await page.waitForSelector('#verdict[data-outcome=holds]')
  })

  it('says at which step a changed one fails', async () => {
    const broken = vectors.broken.filter(({ step }) => OFFLINE_STEPS.includes(step))
    expect(new Set(broken.map(({ step }) => step))).to.deep.equal(new Set(OFFLINE_STEPS))
    for (const { name, step, proof } of broken) {
      const { outcome } = await check(JSON.stringify(proof))
      expect(outcome, name).to.equal('fails')
      expect((await page.locator('#steps .fails b').allTextContents()).join(), name).to.include(`${step} fails`)
      expect(await page.textContent('#ask'), name).to.equal('')
    }
    expect((await check('<img src=x onerror=alert(1)>')).verdict).to.include('format')
    await page.setInputFiles('#file', { name: 'big.json', mimeType: 'application/json', buffer: Buffer.alloc(1 << 20, 32) })
    await page.waitForSelector('#verdict[data-outcome=fails]')
  })

  it('has no serious finding of accessibility, in light and dark, narrow and wide', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1_920]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        await check(JSON.stringify(vectors.broken.find(({ step }) => step === 'work')?.proof))
        const found = (await page.evaluate(`${axe}; axe.run().then(({ violations }) => violations)`)) as {
          id: string
          impact: string
        }[]
        const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(
          serious.map(({ id }) => id),
          `${colorScheme} ${width}`
        ).to.deep.equal([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${width}`).to.equal(true)
      }
    }
  })

  it('asked nobody for anything, and complained of nothing', () => {
    expect(problems).to.deep.equal([])
  })
})

/** A wallet that a page finds: it names one account, or refuses, and writes down what it was asked. */
import type { Page } from 'playwright-core'

interface FakeWindow {
  ethereum: { request(asked: { method: string }): Promise<string[]> }
  asked: string[]
}

/** Before the page is opened. `'refuses'`: as when its user clicks the request away. */
export const giveWallet = (page: Page, account: string): Promise<unknown> =>
  page.addInitScript((named) => {
    const page = globalThis as unknown as FakeWindow
    page.asked = []
    page.ethereum = {
      async request({ method }) {
        page.asked.push(method)
        if (named === 'refuses') throw Object.assign(new Error('User rejected the request.'), { code: 4001 })
        return [named]
      }
    }
  }, account)

export const askedOf = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as unknown as FakeWindow).asked)

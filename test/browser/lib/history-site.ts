/** The explorer's site over a market that never owed (history.ts), for what needs pages and no chain. */
import { Rpc } from 'openseam/chain/rpc'
import type { Browser } from 'playwright-core'
import { foldEvents } from '../../../node/explorer/fold.ts'
import { createExplorer, openExplorerSite, Publisher } from '../../../node/explorer/index.ts'
import { Overlay } from '../../../node/explorer/overlay.ts'
import { serveGateway } from '../../../node/gateway/index.ts'
import { silentLog, systemClock } from '../../../sdk/components.ts'
import { deployment, FakeChain } from '../../node/explorer/fake-chain.ts'
import { folders, openIndex } from '../../node/explorer/index-states.ts'
import { built } from './built.ts'
import { historyEvents } from './history.ts'
import { openBrowser } from './page.ts'

/** On a free port of loopback, its index in `dir`; the pages must be built. */
const serveHistory = async (dir: string): Promise<{ url: string; close(): Promise<void> }> => {
  const { store, indexer } = await openIndex(new FakeChain(12), dir)
  const rows = new Overlay(store)
  await foldEvents(rows, historyEvents())
  await store.batch(rows.writes())
  const publisher = new Publisher(store, deployment)
  const rpc = new Rpc('http://127.0.0.1:9') // nothing here asks it
  const components = { store, indexer, publisher, rpc, deployment, clock: systemClock }
  const { app } = createExplorer({ ...components, log: silentLog, version: '0', site: openExplorerSite() })
  const server = await serveGateway(app, { host: '127.0.0.1', port: 0 })
  const close = async (): Promise<void> => {
    await server.close(0)
    await store.close()
  }
  return { url: server.url, close }
}

export interface HistorySite {
  explorer: string
  browser: Browser
  /** That the pages were built into. */
  folder: string
  close(): Promise<void>
}

/** Pages, server and a browser. */
export const openHistory = async (): Promise<HistorySite> => {
  const folder = await built('explorer')
  const dirs = folders()
  const { url, close } = await serveHistory(dirs.make())
  const browser = await openBrowser()
  return {
    explorer: url,
    browser,
    folder,
    close: async () => {
      await browser.close()
      await close()
      dirs.remove()
    }
  }
}

/** The audit explorer: who did what, for how much, from the chain alone (docs/spec/explorer.md). */
export { createExplorer, type ExplorerComponents } from './api.ts'
export { Collector, type ReceiptPeers } from './collector.ts'
export { type IndexStore, openIndexStore, openPostgresIndexStore } from './index-store.ts'
export { FINALITY_BLOCKS, Indexer, type IndexerOptions, POLL_MS } from './indexer.ts'
export { Publisher } from './publish.ts'
export { openReceiptPeers } from './receipt-peers.ts'
export { isExplorerPage, openExplorerSite } from './site.ts'

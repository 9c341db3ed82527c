/** How fast the explorer reads a chain into LevelDB, and how fast it answers once a store is large. The chain is in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import type { StoreWrite } from 'openseam/components'
import { silentLog, systemClock } from 'openseam/components'
import type { Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import { type ProofJson, receiptFromJson } from 'openseam/protocol/proof-file'
import {
  createExplorer,
  Indexer,
  type IndexStore,
  openExplorerSite,
  openIndexStore,
  Publisher
} from '../../node/explorer/index.ts'
import { Overlay } from '../../node/explorer/overlay.ts'
import type { SessionRow } from '../../node/explorer/publish.ts'
import { type BatchRow, keys } from '../../node/explorer/rows.ts'
import { addServed, servedBy } from '../../node/explorer/served.ts'
import { serveGateway } from '../../node/gateway/index.ts'
import { hasChromium, openBrowser } from '../../test/browser/lib/page.ts'
import { deployment, FakeChain } from '../../test/node/explorer/fake-chain.ts'
import type { BenchOptions } from './options.ts'
import { type PaintRow, paints } from './paint.ts'
import { chance, quantile, round } from './stats.ts'

const BLOCKS = 15_000 // over 50 000 events
const QUICK_BLOCKS = 3_000
const RECEIPTS = 1_000_000
const QUICK_RECEIPTS = 10_000
const RECEIPTS_PER_SESSION = 32
const WRITES_AT_ONCE = 2_000
const BATCHES_MAX = 10_000
const ROUNDS = 100
const PAINTS = 20 // visits of each page
const WARM_UP = 5 // code that has not run yet is compiled here, once a process and not once a page

export const indexBench = async ({ quick, trials, say, onStop }: BenchOptions): Promise<object> => {
  const dir = mkdtempSync(join(tmpdir(), 'openseam-bench-index-'))
  const remove = (): void => rmSync(dir, { recursive: true, force: true })
  onStop(() => Promise.resolve(remove()))
  const store = await openIndexStore(dir)
  try {
    const chain = new FakeChain(1)
    chain.mine(quick ? QUICK_BLOCKS : BLOCKS)
    const events = chain.logs.length
    const raw = chain.prepared()
    say(`${events} events in ${chain.head} blocks`)
    const indexer = new Indexer({ rpc: raw, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    const startMs = performance.now()
    const processor = process.cpuUsage()
    while ((await indexer.step()) !== 'idle');
    const { user, system } = process.cpuUsage(processor)
    const eventsPerSecond = Math.round((events * 1_000) / (performance.now() - startMs))
    const perProcessorSecond = Math.round((events * 1_000_000) / (user + system))
    say(`${eventsPerSecond} events/s, ${perProcessorSecond} a second of processor`)
    const receipts = trials ?? (quick ? QUICK_RECEIPTS : RECEIPTS)
    const batches = (await store.range({ prefix: 'ba:', limit: BATCHES_MAX })).map(([, value]) => decodeJson<BatchRow>(value))
    await fill(store, batches, receipts)
    say(`${receipts} receipts are in`)
    const { app } = createExplorer({
      store,
      indexer,
      publisher: new Publisher(store, deployment),
      rpc: raw,
      deployment,
      clock: systemClock,
      log: silentLog,
      version: 'bench',
      site: openExplorerSite()
    })
    const rows: { page: string; p50: number; p95: number }[] = []
    const all: number[] = []
    for (const [page, pathOf] of Object.entries(pages)) {
      const draw = chance(ROUNDS) // another row each time: what was just read is read fast
      const times: number[] = []
      for (let i = 0; i < ROUNDS + WARM_UP; i++) {
        const path = pathOf(sampleOf(batches, Math.floor(draw() * receipts)))
        const beganMs = performance.now()
        const response = await app.request(path)
        await response.arrayBuffer()
        if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
        if (i >= WARM_UP) times.push(performance.now() - beganMs)
      }
      all.push(...times)
      rows.push({ page, ...figuresOf(times) })
    }
    return {
      events,
      eventsPerSecond,
      perProcessorSecond,
      pageMs: figuresOf(all),
      receipts,
      rows,
      paintMs: await paintsOf(app, batches, receipts)
    }
  } finally {
    await store.close()
    remove()
  }
}

/** Empty where there is no browser, or no pages were built. */
const paintsOf = async (app: Hono, batches: readonly BatchRow[], receipts: number): Promise<PaintRow[]> => {
  if (openExplorerSite() === undefined || !hasChromium()) return []
  const server = await serveGateway(app, { host: '127.0.0.1', port: 0 })
  const browser = await openBrowser()
  try {
    const draw = chance(PAINTS)
    const drawn = (pathOf: (sample: Sample) => string) => () => pathOf(sampleOf(batches, Math.floor(draw() * receipts)))
    const drawnPages = Object.fromEntries(Object.entries(sitePages).map(([page, pathOf]) => [page, drawn(pathOf)]))
    return await paints(browser, server.url, drawnPages, PAINTS)
  } finally {
    await browser.close()
    await server.close(0)
  }
}

interface Sample {
  batch: BatchRow
  session: Bytes32
  receipt: Bytes32
}

const id = (kind: string, i: number): Bytes32 => `0x${kind}${i.toString(16).padStart(62, '0')}`

/** The i-th receipt: those of a session, one after the other, are paid by one batch. */
const sampleOf = (batches: readonly BatchRow[], i: number): Sample => {
  const session = Math.floor(i / RECEIPTS_PER_SESSION)
  return { batch: batches[session % batches.length] as BatchRow, session: id('aa', session), receipt: id('bb', i) }
}

/** Rows as the publisher writes them: what is measured is reading, so nothing here is proved. */
const fill = async (store: IndexStore, batches: readonly BatchRow[], receipts: number): Promise<void> => {
  const told = new Overlay(store)
  let writes: StoreWrite[] = []
  for (let i = 0; i < receipts; i++) {
    const { batch, session, receipt } = sampleOf(batches, i)
    const seq = i % RECEIPTS_PER_SESSION
    const proof = proofOf(batch, session, receipt, seq)
    const work = receiptFromJson(proof.receipt)
    await told.load(servedBy(work, batch.header.postedAt))
    addServed(told, work, batch.header.postedAt)
    writes.push(
      { put: keys.receipt(receipt), value: encodeJson(proof) },
      { put: keys.receiptOfSession(session, 0, seq, receipt), value: encodeJson(receipt) },
      { put: keys.receiptOfBatch(batch.provider, batch.number, receipt), value: encodeJson(receipt) }
    )
    if (seq === 0) {
      const row: SessionRow = { id: session, receipts: RECEIPTS_PER_SESSION, amount: '32', paidAt: batch.header.postedAt }
      writes.push({ put: keys.session(session), value: encodeJson(row) })
      writes.push({ put: keys.sessionAt(batch.block, session), value: encodeJson(session) })
    }
    if (writes.length < WRITES_AT_ONCE && i + 1 < receipts) continue
    await store.batch(writes)
    writes = []
  }
  await store.batch(told.writes())
}

const proofOf = (batch: BatchRow, sessionId: Bytes32, hash: Bytes32, seq: number): ProofJson => {
  const { provider, number, header, payments, transaction, block } = batch
  const { client, modelId, from, to } = payments[0] as BatchRow['payments'][number]
  const hashes = { outputHash: hash, kvHead: hash, fingerprint: hash }
  const parties = { sessionId, leg: 0, seq, client, provider, modelId }
  const receipt = { ...parties, ...hashes, from: seq, to: seq + 1, promptUnits: 0, amount: '1', end: 0 }
  return {
    format: 'openseam-proof-1',
    chainId: deployment.chainId,
    ledger: deployment.ledger,
    receiptHash: hash,
    receipt,
    signature: `0x${'11'.repeat(65)}`,
    work: { index: seq, cumAfter: '1', siblings: Array.from({ length: 32 }, () => hash) },
    batch: {
      number,
      leaf: { from: String(from), to: String(to), units: 1, workRoot: hash },
      siblings: [hash, hash],
      header: { ...header, total: String(header.total) }
    },
    transaction: { hash: transaction, block }
  }
}

const pages: Record<string, (sample: Sample) => string> = {
  summary: () => '/api/summary',
  providers: () => '/api/providers',
  provider: ({ batch }) => `/api/providers/${batch.provider}`,
  models: () => '/api/models',
  batches: () => '/api/batches',
  batch: ({ batch }) => `/api/batches/${batch.provider}/${batch.number}`,
  'models of a provider': ({ batch }) => `/api/providers/${batch.provider}/models`,
  'prices of a model': ({ batch }) => `/api/models/${batch.payments[0]?.modelId}/prices`,
  hours: () => '/api/hours?limit=168',
  days: () => '/api/days?limit=90',
  weeks: () => '/api/weeks?limit=200',
  'days of a provider': ({ batch }) => `/api/providers/${batch.provider}/days?limit=200`,
  'balance of a provider': ({ batch }) => `/api/providers/${batch.provider}/balance?limit=200`,
  'balance of a client': ({ batch }) => `/api/accounts/${batch.payments[0]?.client}/balance?limit=200`,
  'balance of a client by hour': ({ batch }) => `/api/accounts/${batch.payments[0]?.client}/balance?by=hour&limit=200`,
  'receipts of a batch': ({ batch }) => `/api/batches/${batch.provider}/${batch.number}/receipts`,
  sessions: () => '/api/sessions',
  session: ({ session }) => `/api/sessions/${session}`,
  receipt: ({ receipt }) => `/api/receipts/${receipt}`,
  proof: ({ receipt }) => `/api/receipts/${receipt}/proof`,
  events: () => '/api/events',
  account: ({ batch }) => `/api/accounts/${batch.provider}/events`,
  search: ({ session }) => `/api/search?q=${session}`
}

const sitePages: Record<string, (sample: Sample) => string> = {
  overview: () => '/',
  sessions: () => '/sessions',
  session: ({ session }) => `/session/${session}`,
  receipt: ({ receipt }) => `/receipt/${receipt}`,
  providers: () => '/providers',
  provider: ({ batch }) => `/provider/${batch.provider}`,
  batches: () => '/batches',
  batch: ({ batch }) => `/batch/${batch.provider}/${batch.number}`,
  models: () => '/models',
  model: ({ batch }) => `/model/${batch.payments[0]?.modelId}`,
  account: ({ batch }) => `/account/${batch.payments[0]?.client}`
}

const figuresOf = (times: readonly number[]): { p50: number; p95: number } => {
  return { p50: round(quantile(times, 0.5)), p95: round(quantile(times, 0.95)) }
}

/** How fast the explorer reads a chain into LevelDB, and how fast it answers once a store is large. The chain is in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreWrite } from 'openseam/components'
import { silentLog, systemClock } from 'openseam/components'
import type { Bytes32 } from 'openseam/protocol/eth'
import { decodeJson, encodeJson } from 'openseam/protocol/json'
import type { ProofJson } from 'openseam/protocol/proof-file'
import { createExplorer, Indexer, type IndexStore, openIndexStore, Publisher } from '../../node/explorer/index.ts'
import { type BatchRow, keys } from '../../node/explorer/rows.ts'
import { deployment, FakeChain } from '../../test/node/explorer/fake-chain.ts'
import type { BenchOptions } from './options.ts'
import { round } from './stats.ts'

const BLOCKS = 15_000 // over 50 000 events
const QUICK_BLOCKS = 3_000
const RECEIPTS = 1_000_000
const QUICK_RECEIPTS = 10_000
const RECEIPTS_PER_SESSION = 32
const WRITES_AT_ONCE = 2_000
const ROUNDS = 100
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
    const sample = await fill(store, receipts)
    say(`${receipts} receipts are in`)
    const { app } = createExplorer({
      store,
      indexer,
      publisher: new Publisher(store, deployment),
      deployment,
      clock: systemClock,
      log: silentLog,
      version: 'bench'
    })
    const pages = pathsOf(sample)
    const rows: { page: string; p50: number; p95: number }[] = []
    const all: number[] = []
    for (const [page, path] of Object.entries(pages)) {
      const times: number[] = []
      for (let i = 0; i < ROUNDS + WARM_UP; i++) {
        const beganMs = performance.now()
        const response = await app.request(path)
        await response.arrayBuffer()
        if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
        if (i >= WARM_UP) times.push(performance.now() - beganMs)
      }
      all.push(...times)
      rows.push({ page, p50: quantile(times, 0.5), p95: quantile(times, 0.95) })
    }
    return {
      events,
      eventsPerSecond,
      perProcessorSecond,
      pageMs: { p50: quantile(all, 0.5), p95: quantile(all, 0.95) },
      receipts,
      rows
    }
  } finally {
    await store.close()
    remove()
  }
}

interface Sample {
  batch: BatchRow
  session: Bytes32
  receipt: Bytes32
}

/** Rows as the publisher writes them: what is measured is reading, so nothing here is proved. */
const fill = async (store: IndexStore, receipts: number): Promise<Sample> => {
  const batches = (await store.range({ prefix: 'ba:', limit: 10_000 })).map(([, value]) => decodeJson<BatchRow>(value))
  let writes: StoreWrite[] = []
  let sample: Sample | undefined
  const id = (kind: string, i: number): Bytes32 => `0x${kind}${i.toString(16).padStart(62, '0')}`
  for (let i = 0; i < receipts; i++) {
    const batch = batches[Math.floor(i / RECEIPTS_PER_SESSION) % batches.length] as BatchRow
    const [sessionId, hash, seq] = [id('aa', Math.floor(i / RECEIPTS_PER_SESSION)), id('bb', i), i % RECEIPTS_PER_SESSION]
    writes.push(
      { put: keys.receipt(hash), value: encodeJson(proofOf(batch, sessionId, hash, seq)) },
      { put: keys.receiptOfSession(sessionId, 0, seq, hash), value: encodeJson(hash) },
      { put: keys.receiptOfBatch(batch.provider, batch.number, hash), value: encodeJson(hash) }
    )
    if (seq === 0) writes.push({ put: keys.session(sessionId), value: encodeJson({ id: sessionId, receipts: 32, amount: '32' }) })
    if (i === Math.floor(receipts / 2)) sample = { batch, session: sessionId, receipt: hash }
    if (writes.length < WRITES_AT_ONCE && i + 1 < receipts) continue
    await store.batch(writes)
    writes = []
  }
  return sample as Sample
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

const pathsOf = ({ batch, session, receipt }: Sample): Record<string, string> => ({
  summary: '/api/summary',
  providers: '/api/providers',
  provider: `/api/providers/${batch.provider}`,
  models: '/api/models',
  batches: '/api/batches',
  batch: `/api/batches/${batch.provider}/${batch.number}`,
  'receipts of a batch': `/api/batches/${batch.provider}/${batch.number}/receipts`,
  sessions: '/api/sessions',
  session: `/api/sessions/${session}`,
  receipt: `/api/receipts/${receipt}`,
  proof: `/api/receipts/${receipt}/proof`,
  events: '/api/events',
  account: `/api/accounts/${batch.provider}/events`,
  search: `/api/search?q=${session}`
})

const quantile = (times: number[], share: number): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number)
}

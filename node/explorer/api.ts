/** The explorer over HTTP (docs/spec/explorer.md): read by anyone, cached by what the index stands at. */
import { type Context as Call, Hono } from 'hono'
import type { Deployment } from 'openseam/chain/deploy'
import type { Rpc } from 'openseam/chain/rpc'
import type { Clock, Log } from 'openseam/components'
import { codeOf, consequences, SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { EXPLORER_PUBLISH_PER_SECOND, EXPLORER_READERS_MAX } from 'openseam/protocol/limits'
import { PROOF_BYTES_MAX } from 'openseam/protocol/proof-file'
import { sseBody, sseHeaders } from '../gateway/sse.ts'
import type { Site } from '../lib/site.ts'
import { readBalances, type Step, steps } from './balances.ts'
import type { IndexStore } from './index-store.ts'
import type { Indexer } from './indexer.ts'
import { liveFrames, placeOf, toJson } from './live.ts'
import { Names } from './names.ts'
import { explorerDocument } from './openapi.ts'
import type { PageQuery } from './pages.ts'
import { Pending } from './pending.ts'
import { pendingPage, pendingProviders } from './pending-views.ts'
import { readPeriods } from './periods.ts'
import type { Publisher } from './publish.ts'
import { Rhythms } from './rhythms.ts'
import { search } from './search.ts'
import { statementCsv, statementPage } from './statement.ts'
import { tagsOf } from './tags.ts'
import { Transactions } from './transactions.ts'
import { Views } from './views.ts'

export interface ExplorerComponents {
  store: IndexStore
  indexer: Indexer
  publisher: Publisher
  /** Asked for the transactions of batches alone; everything else is in the index. */
  rpc: Rpc
  /** Names of models, where somebody else brings them. */
  names?: Names
  /** What providers show of work that is not settled; left out where none is asked. */
  pending?: Pending | undefined
  deployment: Deployment
  clock: Clock
  log: Log
  version: string
  /** The pages, where they were built. */
  site?: Site | undefined
}

const KEEP_ALIVE_MS = 15_000
const STALL_MS = 60_000

const json = (value: unknown, status = 200): Response =>
  new Response(toJson(value), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })

const failure = (status: number, code: string, message: string, detail: object = {}): Response =>
  json({ error: { code, message, ...detail } }, status)

export const createExplorer = ({
  store,
  indexer,
  publisher,
  rpc,
  names = new Names(store),
  deployment,
  clock,
  log,
  version,
  site,
  pending = new Pending({ store, indexer, deployment, clock })
}: ExplorerComponents): { app: Hono } => {
  const views = new Views(store, deployment, indexer)
  const transactions = new Transactions(rpc, deployment)
  const rhythms = new Rhythms(store, indexer)
  const document = explorerDocument(version)
  const started = clock.nowMs().toString(36) // what is published is counted from here
  let readers = 0
  let window = { startMs: 0, count: 0 }

  /** What every answer of this moment hangs on. The head is part of the summary. */
  const etag = (): string =>
    `W/"${indexer.cursor?.hash.slice(2, 18) ?? 'empty'}-${indexer.head}-${started}-${publisher.changes}-${names.changes}"`

  const pendingEtag = (): string => `${etag().slice(0, -1)}-${pending.changes}"`

  const read =
    (answer: (call: Call) => Promise<unknown>, tagOf = etag) =>
    async (call: Call): Promise<Response> => {
      const tag = tagOf() // before reading: an answer that is newer than its tag is only fetched again
      const headers = { etag: tag, 'cache-control': 'no-cache' }
      if (call.req.header('if-none-match')?.split(/,\s*/).includes(tag)) return new Response(null, { status: 304, headers })
      const value = await answer(call)
      if (value === undefined) return failure(404, 'NOT_FOUND', 'Nothing of that name is in the index.')
      const response = value instanceof Response ? value : json(value)
      for (const [name, header] of Object.entries(headers)) response.headers.set(name, header)
      return response
    }

  const publish = async (call: Call): Promise<Response> => {
    const nowMs = clock.tickMs()
    if (nowMs - window.startMs >= 1_000) window = { startMs: nowMs, count: 0 }
    if (++window.count > EXPLORER_PUBLISH_PER_SECOND) throw new SeamError('BUSY', 'too many receipts at once: ask in a second')
    const { hash, stored } = await publisher.publish(await bodyOf(call))
    return json({ hash, stored }, stored ? 201 : 200)
  }

  const live = (call: Call): Response => {
    if (readers >= EXPLORER_READERS_MAX) throw new SeamError('BUSY', 'as many readers as there may be are here already')
    const gone = new AbortController()
    readers++
    gone.signal.addEventListener('abort', () => readers--, { once: true })
    const after = placeOf(call.req.header('last-event-id') ?? call.req.query('after'))
    const frames = untilGone(liveFrames(store, indexer, after, gone.signal), gone)
    const onGone = (): void => gone.abort()
    const body = sseBody(frames, { clock, keepAliveMs: KEEP_ALIVE_MS, stallMs: STALL_MS, onGone, drop: onGone })
    return new Response(body, { headers: sseHeaders })
  }

  const wantsStream = (call: Call): boolean => call.req.header('accept')?.includes('text/event-stream') === true

  const named = async <Row extends { modelId: Bytes32 }>(row: Row | undefined) =>
    row && { ...row, named: await names.of(row.modelId) }

  const app = new Hono()
  const get = (path: string, make: Parameters<typeof read>[0]): unknown => app.get(path, read(make))
  get('/api/summary', () => views.summary())
  get('/api/providers', (call) => views.providers(page(call)))
  get('/api/providers/:account', (call) => views.provider(account(call)))
  get('/api/providers/:account/models', (call) => views.providerModels(account(call), page(call)))
  get('/api/models', (call) => views.models(page(call)))
  get('/api/models/:hash', async (call) => named(await views.model(hash(call))))
  get('/api/models/:hash/providers', (call) => views.modelProviders(hash(call), page(call)))
  get('/api/models/:hash/prices', (call) => views.modelPrices(hash(call), page(call)))
  get('/api/names', (call) => names.list(page(call)))
  get('/api/batches', (call) => views.batches(page(call)))
  get('/api/batches/:account', (call) => views.batches(page(call), account(call)))
  get('/api/batches/:account/:number', (call) => views.batch(account(call), number(call)))
  get('/api/batches/:account/:number/receipts', (call) => views.batchReceipts(account(call), number(call), page(call)))
  get('/api/batches/:account/:number/transaction', async (call) => {
    const batch = await views.batch(account(call), number(call))
    return batch && transactions.of(batch)
  })
  get('/api/sessions', (call) => views.sessions(page(call)))
  get('/api/sessions/:hash', (call) => views.session(hash(call)))
  get('/api/receipts/:hash', (call) => views.receipt(hash(call)))
  get('/api/receipts/:hash/proof', (call) => views.proof(hash(call)))
  app.post('/api/receipts', publish)
  get('/api/disputes', (call) => views.disputes(page(call)))
  get('/api/disputes/:hash', (call) => views.dispute(hash(call)))
  get('/api/accounts/:account', (call) => views.client(account(call)))
  get('/api/accounts/:account/tags', (call) => tagsOf(store, deployment, account(call)))
  get('/api/accounts/:account/events', (call) => views.accountEvents(account(call), page(call)))
  get('/api/accounts/:account/statement', (call) => statementPage(store, account(call), page(call)))
  get('/api/accounts/:account/statement.csv', (call) => Promise.resolve(statementCsv(store, account(call), period(call))))
  get('/api/search', async (call) => ({ items: await search({ store, names, deployment }, call.req.query('q') ?? '') }))
  app.get(
    '/api/pending',
    read((call) => pendingPage(pending, rhythms, page(call), whose(call)), pendingEtag)
  )
  app.get(
    '/api/pending/providers',
    read((call) => pendingProviders(pending, rhythms, page(call)), pendingEtag)
  )
  get('/api/hours', (call) => readPeriods(store, 'all', 'hour', page(call)))
  get('/api/days', (call) => readPeriods(store, 'all', 'day', page(call)))
  get('/api/weeks', (call) => readPeriods(store, 'all', 'week', page(call)))
  get('/api/providers/:account/days', (call) => readPeriods(store, account(call), 'day', page(call)))
  get('/api/models/:hash/days', (call) => readPeriods(store, hash(call), 'day', page(call)))
  get('/api/accounts/:account/balance', (call) => readBalances(store, 'escrow', account(call), step(call), page(call)))
  get('/api/providers/:account/balance', (call) => readBalances(store, 'claimable', account(call), step(call), page(call)))
  const events = read((call) => views.events(page(call)))
  app.get('/api/events', (call) => (wantsStream(call) ? live(call) : events(call)))
  get('/api/events/:place', (call) => views.event(place(call)))
  app.get('/openapi.json', (call) => call.json(document))
  app.get('/healthz', (call) => call.json({ status: 'ok', version }))
  if (site !== undefined) app.get('*', (call, next) => site.serve(call.req.path, call.req.raw.headers) ?? next())
  app.notFound(() => failure(404, 'NOT_FOUND', 'Nothing is here; GET /openapi.json lists what is.'))
  app.onError((error) => {
    const code = codeOf(error)
    if (code === 'INTERNAL') log.error({ error: String(error) }, 'request failed')
    const message = error instanceof SeamError ? error.message : 'The explorer failed.'
    const step = error instanceof SeamError ? error.detail['step'] : undefined
    return failure(consequences[code].http, code, message, step === undefined ? {} : { step })
  })
  return { app }
}

/** A reader that ends for whatever reason makes room for another. */
async function* untilGone(frames: AsyncGenerator<string, void>, gone: AbortController): AsyncGenerator<string, void> {
  try {
    yield* frames
  } finally {
    gone.abort()
  }
}

const page = (call: Call): PageQuery => ({ cursor: call.req.query('cursor'), limit: call.req.query('limit') })

const hex = (text: string | undefined, bytes: number, what: string): `0x${string}` => {
  const value = text?.toLowerCase() ?? ''
  if (value.length === 2 + 2 * bytes && /^0x[0-9a-f]+$/.test(value)) return value as `0x${string}`
  throw new SeamError('BAD_REQUEST', `${what} is ${bytes} bytes of hex`)
}
const whose = (call: Call): { provider: Address | undefined; client: Address | undefined } => {
  const of = (name: string): Address | undefined =>
    call.req.query(name) === undefined ? undefined : hex(call.req.query(name), 20, `a ${name}`)
  return { provider: of('provider'), client: of('client') }
}
const account = (call: Call): Address => hex(call.req.param('account'), 20, 'an account')
const hash = (call: Call): Bytes32 => hex(call.req.param('hash'), 32, 'an id')

const place = (call: Call): string => {
  const key = placeOf(call.req.param('place'))
  if (key !== null) return key
  throw new SeamError('BAD_REQUEST', 'an event is named by its block and its log, as in 12-0')
}

/** One row for each change, or for each hour or day that has one. */
const step = (call: Call): Step => {
  const text = call.req.query('by') ?? 'change'
  const found = steps.find((known) => known === text)
  if (found !== undefined) return found
  throw new SeamError('BAD_REQUEST', `by is one of ${steps.join(', ')}`)
}

/** How dates in UTC begin. */
const period = (call: Call): string => {
  const text = call.req.query('period') ?? ''
  if (/^(\d{4}(-\d{2}(-\d{2})?)?)?$/.test(text)) return text
  throw new SeamError('BAD_REQUEST', 'a period is a year, a month or a day, as in 2026, 2026-11 or 2026-11-25')
}

const number = (call: Call): number => {
  const text = call.req.param('number') ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new SeamError('BAD_REQUEST', 'a batch has a whole number')
}

/** A body of at most a proof's size, however it says it is long. */
const bodyOf = async (call: Call): Promise<string> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of call.req.raw.body ?? []) {
    length += chunk.length
    if (length > PROOF_BYTES_MAX) {
      throw new SeamError('PROOF_INVALID', `format: a proof has at most ${PROOF_BYTES_MAX} bytes`, { detail: { step: 'format' } })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The OpenAPI page of the explorer: what is there, what it takes, what it answers in words; shapes are in docs/spec/explorer.md. */
interface Operation {
  path: string
  what: string
  list?: boolean
  period?: boolean
  whose?: boolean
  by?: boolean
}

const reads: Operation[] = [
  { path: '/api/summary', what: 'Totals of everything the ledger ever settled, and where the index stands' },
  { path: '/api/providers', what: 'Providers by account', list: true },
  { path: '/api/providers/{account}', what: 'One provider: stake, keys, earnings, slashes' },
  {
    path: '/api/providers/{account}/models',
    what: 'What it served and at what price, by model, as paid receipts say',
    list: true
  },
  { path: '/api/models', what: 'Models by id', list: true },
  { path: '/api/models/{hash}', what: 'One model: its proven name, what was paid for it, and its payees' },
  { path: '/api/models/{hash}/providers', what: 'Who was paid for it', list: true },
  {
    path: '/api/models/{hash}/prices',
    what: 'What a written position cost, by day, newest first, as paid receipts say',
    list: true
  },
  { path: '/api/names', what: 'Names of models that their ids commit to, by id', list: true },
  { path: '/api/batches', what: 'Batches, newest first', list: true },
  { path: '/api/batches/{account}', what: 'Batches of one provider, newest first', list: true },
  { path: '/api/batches/{account}/{number}', what: 'One batch: header, payments, transaction' },
  { path: '/api/batches/{account}/{number}/receipts', what: 'The receipts it paid, as far as they were shown', list: true },
  {
    path: '/api/batches/{account}/{number}/transaction',
    what: 'What its transaction said, from the calldata: sender, contract, method, and every voucher that paid'
  },
  { path: '/api/sessions', what: 'Sessions with a proven receipt, those first paid last first', list: true },
  { path: '/api/sessions/{hash}', what: 'One session: its legs and receipts' },
  { path: '/api/receipts/{hash}', what: 'One receipt' },
  { path: '/api/receipts/{hash}/proof', what: 'Its proof of payment, openseam-proof-1' },
  { path: '/api/disputes', what: 'Cases by id', list: true },
  { path: '/api/disputes/{hash}', what: 'One case' },
  { path: '/api/accounts/{account}', what: 'One client: deposited, withdrawn, spent' },
  { path: '/api/accounts/{account}/tags', what: 'What the chain says an account is' },
  { path: '/api/accounts/{account}/events', what: 'Events that name an account, newest first', list: true },
  { path: '/api/accounts/{account}/statement', what: 'Its money line by line, oldest first; `limit` counts events', list: true },
  { path: '/api/accounts/{account}/statement.csv', what: 'Its money as CSV, oldest first', period: true },
  { path: '/api/accounts/{account}/balance', what: 'Its escrow after each change, newest first', list: true, by: true },
  { path: '/api/providers/{account}/balance', what: 'What it could claim after each change, newest first', list: true, by: true },
  { path: '/api/hours', what: 'What was settled, by hour, newest first', list: true },
  { path: '/api/days', what: 'What was settled, by day, newest first', list: true },
  { path: '/api/weeks', what: 'What was settled, by week from Monday on, newest first', list: true },
  { path: '/api/providers/{account}/days', what: 'What was settled for it, by day, newest first', list: true },
  { path: '/api/models/{hash}/days', what: 'What was paid for it, by day, newest first', list: true },
  {
    path: '/api/pending',
    what: 'Work that is done and not settled yet, by channel, with the sums of all and when its provider settled before: vouchers that clients signed, as providers show them',
    list: true,
    whose: true
  },
  { path: '/api/pending/providers', what: 'The same, added up by provider', list: true },
  {
    path: '/api/events',
    what: 'Events, newest first; as text/event-stream: those to come, resumed by Last-Event-ID',
    list: true
  },
  { path: '/api/events/{place}', what: 'One event, by its block and log' }
]

const schemaOf: Record<string, object> = {
  account: { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
  hash: { type: 'string', pattern: '^0x[0-9a-fA-F]{64}$' },
  place: { type: 'string', pattern: '^\\d{1,14}-\\d{1,7}$' },
  number: { type: 'integer', minimum: 0 }
}

const query = (name: string, description: string): object => ({ name, in: 'query', description, schema: { type: 'string' } })

const failures = {
  '4XX': { description: '`error.code` is stable, `error.message` is for people; a proof names the `error.step` that fails' },
  '503': { description: 'Busy: the same request may succeed in a second' }
}

export const explorerDocument = (version: string): object => {
  const paths: Record<string, Record<string, object>> = {}
  for (const { path, what, list = false, period = false, whose = false, by = false } of reads) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: schemaOf[name]
    }))
    const paging = list ? [query('cursor', '`next` of the page before'), query('limit', '1 to 200, 50 by default')] : []
    const dated = period ? [query('period', 'A year, a month or a day in UTC: 2026, 2026-11, 2026-11-25')] : []
    const parties = whose ? [query('provider', 'Of this provider alone'), query('client', 'Of this client alone')] : []
    const stepped = by ? [query('by', 'change (the default), or the last of each: hour, day')] : []
    paths[path] = {
      get: {
        summary: what,
        parameters: [...named, ...paging, ...dated, ...parties, ...stepped],
        responses: { '200': { description: what }, ...failures }
      }
    }
  }
  paths['/api/search'] = {
    get: {
      summary: 'Where an id, an account, a transaction or a name leads to',
      parameters: [
        query(
          'q',
          'An id, an account or a transaction, or how one begins: 0x and 4 digits at least; or how the name of a model or a contract begins'
        )
      ],
      responses: { '200': { description: 'Paths of this API' } }
    }
  }
  paths['/api/receipts'] = {
    post: {
      summary: 'Publish a proof of payment; it is stored if every step holds',
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      responses: { '200': { description: 'It was here' }, '201': { description: 'It is stored' }, ...failures }
    }
  }
  return { openapi: '3.1.0', info: { title: 'openseam explorer', version }, paths }
}

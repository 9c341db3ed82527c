/** What the pages read from the API, each path named once: main.tsx asks for a page's first before there is code to show it. */

/** How much of a list a page shows at first. */
export const FIRST = { batches: 50, batchesBeside: 4, days: 90, events: 40, sessions: 50, sessionsBeside: 10 } as const

export const paths = {
  summary: '/api/summary',
  names: '/api/names?limit=200',
  /** Of which the names and colours are known on every page. */
  known: '/api/providers?limit=200',
  events: `/api/events?limit=${FIRST.events}`,
  pending: '/api/pending?limit=1',
  pendingProviders: '/api/pending/providers?limit=200',
  pendingOf: (side: 'provider' | 'client', account: string) => `/api/pending?limit=1&${side}=${account}`,
  sessions: (limit: number) => `/api/sessions?limit=${limit}`,
  session: (id: string) => `/api/sessions/${id}`,
  proof: (receipt: string) => `/api/receipts/${receipt}/proof`,
  providers: '/api/providers?limit=100',
  provider: (account: string) => `/api/providers/${account}`,
  served: (account: string) => `/api/providers/${account}/models?limit=100`,
  balance: (of: 'providers' | 'accounts', account: string, by: string) => `/api/${of}/${account}/balance?by=${by}&limit=200`,
  batches: (limit: number) => `/api/batches?limit=${limit}`,
  batchesOf: (provider: string) => `/api/batches/${provider}?limit=50`,
  batch: (provider: string, number: string) => `/api/batches/${provider}/${number}`,
  receiptsOf: (provider: string, number: string) => `/api/batches/${provider}/${number}/receipts?limit=100`,
  models: '/api/models?limit=100',
  model: (id: string) => `/api/models/${id}`,
  serving: (model: string) => `/api/models/${model}/providers?limit=100`,
  /** `of` is a provider or a model, as the API's path names it; all of them without. */
  periods: (of: string, unit: 'hour' | 'day' | 'week', limit: number) => `/api${of}/${unit}s?limit=${limit}`,
  disputes: '/api/disputes?limit=100',
  dispute: (id: string) => `/api/disputes/${id}`
} as const

/** A path of this site, in its parts. */
export const routeOf = (pathname: string): string[] => pathname.split('/').filter((part) => part !== '')

const firstOf = ([page = '', id = '', number = '']: readonly string[]): string[] => {
  switch (page) {
    case '':
      return [
        paths.pending,
        paths.pendingProviders,
        paths.batches(FIRST.batchesBeside),
        paths.sessions(FIRST.sessionsBeside),
        paths.periods('', 'day', FIRST.days)
      ]
    case 'sessions':
      return [paths.sessions(FIRST.sessions)]
    case 'session':
      return [paths.session(id)]
    case 'receipt':
      return [paths.proof(id)]
    case 'providers':
      return [paths.providers]
    case 'provider':
      return [paths.provider(id), paths.served(id), paths.batchesOf(id), paths.periods(`/providers/${id}`, 'day', FIRST.days)]
    case 'batches':
      return [paths.batches(FIRST.batches)]
    case 'batch':
      return [paths.batch(id, number), paths.receiptsOf(id, number)]
    case 'models':
      return [paths.models]
    case 'model':
      return [paths.model(id), paths.serving(id), paths.periods(`/models/${id}`, 'day', FIRST.days)]
    case 'disputes':
      return [paths.disputes]
    case 'dispute':
      return [paths.dispute(id)]
    default:
      return []
  }
}

/** What the page of a route reads as soon as it is shown. */
export const asksOf = (route: readonly string[]): string[] => [
  paths.summary,
  ...firstOf(route),
  paths.names,
  paths.known,
  paths.events
]

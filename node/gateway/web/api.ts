/** The gateway as this page uses it: the routes that any client has, and the two that are the page's own. */
import { eventData, readAll } from './events.ts'
import type { Chunk, DevnetAction, Exclusion, Message, Model, Place, Playground, SessionView, TurnView } from './wire.ts'

/** What the gateway refused or could not finish, in its own words. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly excluded: Exclusion[]
  constructor(status: number, { code = 'UNKNOWN', message, excluded = [] }: NonNullable<Chunk['error']>) {
    super(message ?? `The gateway answered ${status}.`)
    this.status = status
    this.code = code
    this.excluded = excluded
  }
}

const call = async (path: string, key: string, init: RequestInit = {}): Promise<Response> => {
  const headers = {
    ...(init.body !== undefined && { 'content-type': 'application/json' }),
    ...(key !== '' && { authorization: `Bearer ${key}` })
  }
  const response = await fetch(path, { ...init, headers })
  if (response.ok) return response
  const { error = {} } = (await response.json().catch(() => ({}))) as Chunk
  throw new ApiFailure(response.status, error)
}

const get = async <Body>(path: string, key = ''): Promise<Body> => (await (await call(path, key)).json()) as Body

export const listModels = async (key: string): Promise<Model[]> => (await get<{ data: Model[] }>('/v1/models', key)).data
export const getPlayground = (): Promise<Playground> => get('/playground.json')
export const getSession = (handle: string, key: string): Promise<SessionView> => get(`/v1/sessions/${handle}`, key)

export const act = async (provider: string, action: DevnetAction): Promise<void> => {
  await call(`/devnet/providers/${provider}`, '', { method: 'POST', body: JSON.stringify({ do: action }) })
}

export interface Question {
  model: string
  messages: Message[]
  /** The session that goes on with these messages. */
  session: string | undefined
}

export type Part =
  | { kind: 'opened'; session: string }
  | { kind: 'text'; text: string; place: Place | undefined }
  | { kind: 'finish'; reason: string }
  | { kind: 'account'; account: TurnView }

/** Throws ApiFailure where the answer cannot begin or breaks off. Leaving the loop stops the answer; what was served is paid. */
export async function* ask({ model, messages, session }: Question, key: string, signal: AbortSignal): AsyncGenerator<Part, void> {
  const body = { model, messages, stream: true, ...(session !== undefined && { openseam: { session } }) }
  const response = await call('/v1/chat/completions', key, { method: 'POST', body: JSON.stringify(body), signal })
  yield { kind: 'opened', session: response.headers.get('x-openseam-session') ?? '' }
  if (response.body === null) return
  for await (const data of eventData(readAll(response.body))) {
    if (data === '[DONE]') return
    yield* partsOf(JSON.parse(data) as Chunk)
  }
  throw new ApiFailure(502, { code: 'NET_CLOSED', message: 'The connection to the gateway broke off.' })
}

const isAccount = (value: Place | TurnView): value is TurnView => 'legs' in value

function* partsOf({ choices, openseam, error }: Chunk): Generator<Part, void> {
  if (error !== undefined) throw new ApiFailure(502, error)
  const place = openseam !== undefined && !isAccount(openseam) ? openseam : undefined
  for (const { delta, finish_reason } of choices ?? []) {
    if (place !== undefined || delta.content) yield { kind: 'text', text: delta.content ?? '', place }
    if (finish_reason !== null) yield { kind: 'finish', reason: finish_reason }
  }
  if (openseam !== undefined && isAccount(openseam)) yield { kind: 'account', account: openseam }
}

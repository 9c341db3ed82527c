import { type Log, silentLog, systemClock } from 'openseam/components'
import { Registry } from 'prom-client'
import { createGateway, type GatewayComponents, type GatewayOptions } from '../../../node/gateway/index.ts'
import { type FakeClient, fakeClient, type Script } from './fake-client.ts'

export interface Reply {
  status: number
  headers: Headers
  json: any
}

export interface Harness {
  client: FakeClient
  app: ReturnType<typeof createGateway>['app']
  logged: unknown[]
  post(body: unknown, init?: RequestInit & { path?: string }): Promise<Response>
  ask(body: unknown, init?: RequestInit & { path?: string }): Promise<Reply>
  get(path: string, init?: RequestInit): Promise<Reply>
  settled(): Promise<void>
}

export const basic = { model: 'seam-chat', messages: [{ role: 'user', content: 'Hi' }] }

export const harness = (script?: Script, options: GatewayOptions = {}, parts: Partial<GatewayComponents> = {}): Harness => {
  const client = (parts.client as FakeClient | undefined) ?? fakeClient(script)
  const logged: unknown[] = []
  const note = (fields: Record<string, unknown>): void => void logged.push(fields)
  const log: Log = { ...silentLog, warn: note, error: note }
  const { app, settled } = createGateway(
    { client, log, registry: new Registry(), clock: systemClock, version: '0.1.0', ...parts },
    options
  )
  const reply = async (response: Response): Promise<Reply> => ({
    status: response.status,
    headers: response.headers,
    json: await response.json()
  })
  const post: Harness['post'] = async (body, { path = '/v1/chat/completions', ...init } = {}) =>
    app.request(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init })
  return {
    client,
    app,
    logged,
    settled,
    post,
    ask: async (body, init) => reply(await post(body, init)),
    get: async (path, init) => reply(await app.request(path, init))
  }
}

/** The data of each event of a stream; comments are left out, `[DONE]` stays as text. */
export const eventsOf = (text: string): any[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => block.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)))

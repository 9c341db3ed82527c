/** One function a route. They throw; `index.ts` turns what is thrown into an answer. */
import type { Context as Call } from 'hono'
import { type Ask, choiceRequests } from 'openseam/openai/convert'
import { chatShape } from 'openseam/openai/shapes'
import { joinedSource, type Source, turnSource } from 'openseam/openai/source'
import { modelView, sessionView } from 'openseam/openai/view'
import { SeamError } from 'openseam/protocol/errors'
import { openingText } from 'openseam/protocol/opening'
import { PAYMENT_SIGNATURE } from 'openseam/protocol/x402'
import type { ChatRequest, ModelView } from 'openseam/session/types'
import type { z } from 'zod'
import { check, parseJson, readBytes, readJson } from './body.ts'
import { accountOf, callerOf, keyHeader, limited } from './caller.ts'
import type { Context } from './context.ts'
import { deliver, newHead } from './deliver.ts'
import { ApiError, toApiError } from './errors.ts'
import { type Form, openAiForm } from './forms.ts'
import type { Opening } from './once/answers.ts'
import { repeatOf } from './once/repeat.ts'
import { ownerOfPayer, requireOwner } from './owners.ts'
import { embeddingBody, streamQuery } from './requests.ts'
import { PAYER_BODY_BYTES_MAX, type Till } from './x402/till.ts'

type Route = (call: Call) => Promise<Response>

export interface Kind<Body extends z.ZodType> {
  schema: Body
  form(body: z.output<Body>): Form
  ask(body: z.output<Body>): Ask
}

/** Absent when a request comes from a test instead of a socket. */
const dropper = (call: Call) => (): void => call.env?.outgoing?.destroy()

export const answerRoute =
  <Body extends z.ZodType>(gateway: Context, kind: Kind<Body>): Route =>
  async (call) => {
    const { till, answers, owners, meter, options } = gateway
    if (till !== undefined && keyHeader(call) === undefined) return paidAnswer(gateway, till, kind, call)
    const caller = callerOf(gateway, call)
    const { owner, key } = caller
    const account = accountOf(gateway, caller)
    const limits = limited(gateway, caller, account)
    const { signal, headers } = call.req.raw
    const body = await readBytes(call.req.raw, options.bodyBytesMax)
    const params = check(kind.schema, parseJson(body))
    const ask = kind.ask(params)
    const form = kind.form(params)
    if (ask.request.session !== undefined) await requireOwner(owners, ask.request.session, owner)
    const opening: Opening = {
      async begin(stop) {
        if (key !== undefined) await meter.admit(key)
        return startTurns(gateway, ask, stop, { owner, begun: async (source) => meter.watch(account, source) })
      },
      head: () => newHead(gateway, form),
      carriedOn: (source, before) => meter.watch(account, source, before)
    }
    const reader = await answers.read(repeatOf(headers, owner, call.req.path, body), opening, signal)
    const { sources, id, created } = reader
    const head = { id, created, model: ask.request.model }
    try {
      const answer = await deliver(gateway, { sources, form, head, delivery: ask.delivery, signal, drop: dropper(call) })
      if (ask.delivery.stream) reader.headSent()
      return withHeaders(answer, { ...limits, ...(reader.again && { 'idempotent-replayed': 'true' }) })
    } catch (error) {
      reader.failed()
      throw error
    }
  }

/** For callers without an account: each request brings its own payment. */
const paidAnswer = async <Body extends z.ZodType>(
  gateway: Context,
  till: Till,
  kind: Kind<Body>,
  call: Call
): Promise<Response> => {
  const body = await readBytes(call.req.raw, Math.min(gateway.options.bodyBytesMax, PAYER_BODY_BYTES_MAX))
  const params = check(kind.schema, parseJson(body))
  const asked = kind.ask(params)
  const taken = await till.take(call.req.header(PAYMENT_SIGNATURE), { url: call.req.url, body, ask: asked })
  const ask = { ...asked, request: { ...asked.request, budget: taken.budget } }
  const payer: Buyer = { owner: ownerOfPayer(taken.payer), begun: (source) => taken.begin(source.session) }
  try {
    const response = await answer(gateway, call, kind.form(params), ask, payer)
    const over = taken.end() // of a stream, long after this
    return withHeaders(response, ask.delivery.stream ? taken.headers : await over)
  } catch (thrown) {
    const error = toApiError(thrown)
    Object.assign(error.headers, await taken.end())
    throw error
  }
}

/** On whose account an answer is made. */
interface Buyer {
  owner: string
  /** Hears of each source before anything is read from it. */
  begun(source: Source): Promise<void>
}

const withHeaders = (response: Response, headers: Record<string, string>): Response => {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

const answer = async (gateway: Context, call: Call, form: Form, ask: Ask, buyer: Buyer): Promise<Response> => {
  const { request, delivery } = ask
  const signal = call.req.raw.signal
  if (request.session !== undefined) await requireOwner(gateway.owners, request.session, buyer.owner)
  const sources = await startTurns(gateway, ask, signal, buyer)
  const head = { ...newHead(gateway, form), model: request.model }
  return deliver(gateway, { sources, form, head, delivery, signal, drop: dropper(call) })
}

/** One turn a choice. */
const startTurns = ({ client, owners }: Context, ask: Ask, signal: AbortSignal, buyer: Buyer): Promise<Source[]> => {
  const start = async (one: ChatRequest): Promise<Source> => {
    const source = turnSource(await client.chat(one, { signal }))
    try {
      await buyer.begun(source)
      await owners.claim(source.session, buyer.owner)
      return source
    } catch (error) {
      source.leave()
      throw error
    }
  }
  return allOrNone(choiceRequests(ask).map(start))
}

/** Where one answer cannot begin, the others end, and are paid for what they had. */
const allOrNone = async (starting: Promise<Source>[]): Promise<Source[]> => {
  const settled = await Promise.allSettled(starting)
  const failed = settled.find((result) => result.status === 'rejected')
  const sources = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (failed === undefined) return sources
  for (const source of sources) source.leave()
  throw failed.reason
}

/** The handle, once it is known to belong to this caller. */
const ownSession = async (gateway: Context, call: Call): Promise<string> => {
  const session = call.req.param('handle') ?? ''
  await requireOwner(gateway.owners, session, callerOf(gateway, call).owner)
  return session
}

const gone = (): SeamError => new SeamError('SESSION_UNKNOWN', 'This session has no answer to show.')

export const sessionRoute =
  (gateway: Context): Route =>
  async (call) => {
    const view = await gateway.client.view(await ownSession(gateway, call))
    if (view === undefined) throw gone()
    return call.json(sessionView(view))
  }

/** What an auditor needs to run the work again. It holds the text, so it is for the session's caller alone to give away. */
export const openingRoute =
  (gateway: Context): Route =>
  async (call) => {
    const opening = await gateway.client.opening(await ownSession(gateway, call))
    if (opening === undefined) throw gone()
    return call.body(openingText(opening), 200, { 'content-type': 'application/json' })
  }

export const joinRoute =
  (gateway: Context): Route =>
  async (call) => {
    const { client } = gateway
    const session = await ownSession(gateway, call)
    const { from } = check(streamQuery, call.req.query())
    const model = (await client.view(session))?.model
    const source = model === undefined ? undefined : joinedSource(client, session, Number(from ?? 0))
    if (model === undefined || source === undefined) throw gone()
    const delivery = { stream: true, includeUsage: false, topLogprobs: undefined, tokenIds: true }
    return deliver(gateway, {
      sources: [source],
      form: openAiForm(chatShape),
      head: { ...newHead(gateway, chatShape), model },
      delivery,
      signal: call.req.raw.signal,
      drop: dropper(call)
    })
  }

/** What is for sale is shown to whoever may buy, and with a till that is everyone. */
const mayLook = (gateway: Context, call: Call): void => {
  if (gateway.till === undefined || keyHeader(call) !== undefined) callerOf(gateway, call)
}

/** No one knows when a model was made; the gateway's start is at least a time that does not move between calls. */
export const modelsRoute = (gateway: Context, created: number = gateway.nowSeconds()): Route => {
  return async (call) => {
    mayLook(gateway, call)
    const models = await gateway.client.models()
    return call.json({ object: 'list', data: models.map((model) => modelView(model, created)) })
  }
}

const modelOf = async ({ client }: Context, id: string): Promise<ModelView> => {
  const model = (await client.models()).find((candidate) => candidate.id === id)
  if (model !== undefined) return model
  throw new SeamError('MODEL_UNKNOWN', `No provider offers the model \`${id.slice(0, 100)}\`; GET /v1/models lists them.`)
}

/** No model on this market makes embeddings: said for the model that was asked for, so that nobody looks for a wrong path. */
export const embeddingsRoute = (gateway: Context): Route => {
  return async (call) => {
    callerOf(gateway, call)
    const { id } = await modelOf(gateway, check(embeddingBody, await readJson(call.req.raw, gateway.options.bodyBytesMax)).model)
    const message = `\`${id}\` answers chats and prompts; it makes no embeddings. No model that does is served here.`
    throw new ApiError({ status: 400, code: 'MODEL_CANNOT', param: 'model', message })
  }
}

export const modelRoute = (gateway: Context, created: number = gateway.nowSeconds()): Route => {
  return async (call) => {
    mayLook(gateway, call)
    const id = call.req.param('id') ?? ''
    return call.json(modelView(await modelOf(gateway, id), created))
  }
}

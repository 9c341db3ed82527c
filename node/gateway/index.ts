/** OpenAI-compatible HTTP for one paying wallet (docs/spec/gateway.md). */
import { type Context as Call, Hono } from 'hono'
import { chatAsk, completionAsk } from 'openseam/openai/convert'
import { chatShape, completionShape } from 'openseam/openai/shapes'
import { gatewayContext } from './context.ts'
import { messagesError, messagesForm } from './dialects/messages-form.ts'
import { messagesBody, messagesChat } from './dialects/messages-request.ts'
import { responsesError } from './dialects/names.ts'
import { responsesForm } from './dialects/responses-form.ts'
import { responsesBody, responsesChat } from './dialects/responses-request.ts'
import { ApiError, errorResponse, toApiError } from './errors.ts'
import { openAiForm } from './forms.ts'
import { openApiDocument } from './openapi.ts'
import type { GatewayComponents, GatewayOptions } from './options.ts'
import { corsFor } from './origins.ts'
import { devnetRoute, playgroundRoute } from './playground.ts'
import { CHOICES_MAX, chatBody, completionBody } from './requests.ts'
import { answerRoute, embeddingsRoute, joinRoute, modelRoute, modelsRoute, openingRoute, sessionRoute } from './routes.ts'
import { usageRoute } from './usage.ts'

export { type ApiKey, bookOf, type KeyBook } from './keys/book.ts'
export { type SpendBook, spendBook } from './keys/spend.ts'
export { memoryRecords, type OnceRecords, storeRecords } from './once/records.ts'
export type { GatewayComponents, GatewayOptions } from './options.ts'
export { memoryOwners, type Owners, ownerOfKey, storeOwners } from './owners.ts'
export { type GatewayServer, serveGateway } from './serve.ts'

type Route = (call: Call) => Response | Promise<Response>
/** An error in another API's form. */
type Told = (error: ApiError, requestId: string) => object

export interface Gateway {
  app: Hono
  /** Stops what goes on without a caller, in case it comes back. */
  close(): void
  /** Resolves once every answer that has ended is booked to its key or its payer: before the books close. */
  settled(): Promise<void>
}

export const createGateway = (components: GatewayComponents, options: GatewayOptions = {}): Gateway => {
  const gateway = gatewayContext(components, options)
  const { registry, version, log, clock, site, control } = components
  const document = openApiDocument(version)

  /** Every answer, errors too, gets an id, a count and a line in the log. Bodies are in none of them. */
  const watched = (route: string, run: Route, told?: Told): Route => {
    return async (call) => {
      const startedMs = clock.tickMs()
      const id = gateway.newId('req_')
      const fields = () => ({ id, method: call.req.method, route, ms: Math.round(clock.tickMs() - startedMs) })
      let response: Response
      try {
        response = await run(call)
        log.debug({ ...fields(), status: response.status }, 'request')
      } catch (thrown) {
        const error = toApiError(thrown)
        response = errorResponse(error, {}, told?.(error, id))
        const cause = error.cause instanceof Error ? error.cause : error
        const line = { ...fields(), status: error.status, code: error.code, error: cause.message }
        if (error.status >= 500) log.error({ ...line, stack: cause.stack }, 'request failed')
        else log.debug(line, 'request refused')
      }
      response.headers.set('x-request-id', id)
      gateway.metrics.request(route, response.status)
      return response
    }
  }

  const table: [method: 'GET' | 'POST', path: string, run: Route, told?: Told][] = [
    [
      'POST',
      '/v1/chat/completions',
      answerRoute(gateway, { schema: chatBody, form: () => openAiForm(chatShape), ask: (body) => chatAsk(body, CHOICES_MAX) })
    ],
    [
      'POST',
      '/v1/completions',
      answerRoute(gateway, {
        schema: completionBody,
        form: () => openAiForm(completionShape),
        ask: (body) => completionAsk(body, CHOICES_MAX)
      })
    ],
    [
      'POST',
      '/v1/responses',
      answerRoute(gateway, { schema: responsesBody, form: responsesForm, ask: (body) => chatAsk(responsesChat(body)) }),
      responsesError
    ],
    [
      'POST',
      '/v1/messages',
      answerRoute(gateway, { schema: messagesBody, form: messagesForm, ask: (body) => chatAsk(messagesChat(body)) }),
      messagesError
    ],
    ['POST', '/v1/embeddings', embeddingsRoute(gateway)],
    ['GET', '/v1/models', modelsRoute(gateway)],
    ['GET', '/v1/models/:id{.+}', modelRoute(gateway)], // ids may hold a slash
    ['GET', '/v1/sessions/:handle', sessionRoute(gateway)],
    ['GET', '/v1/sessions/:handle/opening', openingRoute(gateway)],
    ['GET', '/v1/sessions/:handle/stream', joinRoute(gateway)],
    ['GET', '/v1/usage', usageRoute(gateway)],
    ['GET', '/playground.json', playgroundRoute(options.explorer, control)],
    ['GET', '/healthz', (call) => call.json({ status: 'ok', version })],
    ['GET', '/metrics', async (call) => call.body(await registry.metrics(), 200, { 'content-type': registry.contentType })],
    ['GET', '/openapi.json', (call) => call.json(document)]
  ]

  if (control !== undefined) table.push(['POST', '/devnet/providers/:name', devnetRoute(control)])

  const app = new Hono()
  // Only the API: a page of another origin has no business with the metrics or a devnet's providers.
  if (options.origins !== undefined && options.origins.length > 0) app.use('/v1/*', corsFor(options.origins))
  for (const [method, path, run, told] of table) {
    app.on(method, path, watched(path, run, told))
    app.all(path, watched(path, wrongMethod(method)))
  }
  if (site !== undefined)
    app.get(
      '*',
      watched('page', (call) => site.serve(call.req.path, call.req.raw.headers) ?? unknownPath(call))
    )
  app.notFound(watched('other', unknownPath))
  const settled = async (): Promise<void> => {
    await gateway.meter.settled()
    await gateway.till?.settled()
  }
  return { app, close: () => gateway.answers.close(), settled }
}

const wrongMethod = (allowed: string): Route => {
  return (call) => {
    const message = `${call.req.method} does nothing here; use ${allowed}.`
    return errorResponse(new ApiError({ status: 405, code: 'METHOD_NOT_ALLOWED', message }), { allow: allowed })
  }
}

const unknownPath = (call: Call): Response => {
  const message = `Nothing is at ${call.req.path.slice(0, 200)}; GET /openapi.json lists what is.`
  return errorResponse(new ApiError({ status: 404, code: 'NOT_FOUND', message }))
}

/** The OpenAPI document, generated from the schemas that check requests and that tests hold responses to. */
import { z } from 'zod'
import { messagesBody } from './dialects/messages-request.ts'
import * as messages from './dialects/messages-schema.ts'
import { responsesBody } from './dialects/responses-request.ts'
import * as openResponses from './dialects/responses-schema.ts'
import * as requests from './requests.ts'
import * as responses from './responses.ts'

type Json = Record<string, unknown>

const requestSchemas = {
  ChatRequest: requests.chatBody,
  CompletionRequest: requests.completionBody,
  ResponsesRequest: responsesBody,
  MessagesRequest: messagesBody,
  EmbeddingRequest: requests.embeddingBody
}
const responseSchemas = {
  ChatCompletion: responses.chatCompletion,
  ChatChunk: responses.chatChunk,
  Completion: responses.completion,
  CompletionChunk: responses.completionChunk,
  Response: openResponses.response,
  ResponseEvent: openResponses.responseEvent,
  Message: messages.message,
  MessageEvent: messages.messageEvent,
  MessageError: messages.messageError,
  Turn: responses.turn,
  Session: responses.session,
  Opening: responses.opening,
  Model: responses.model,
  Models: responses.models,
  Usage: responses.usageReport,
  Error: responses.error,
  Health: responses.health
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** Named schemas refer to each other by name, as OpenAPI wants. */
const components = (schemas: Record<string, z.ZodType>): Json => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input' }).schemas
  return Object.fromEntries(
    Object.entries(made).map(([id, schema]) => {
      const { $schema, $id, ...rest } = schema as Json
      return [id, rest]
    })
  )
}

const json = (name: string, description: string): Json => ({
  description,
  content: { 'application/json': { schema: ref(name) } }
})

const failuresIn = (error: string): Json => ({
  '4XX': json(error, 'The request cannot be served as it is; `code` is stable, `param` names the field.'),
  '503': json(error, 'Nothing can serve now; `excluded` says why for each provider.'),
  '5XX': json(error, 'A provider or the gateway failed.')
})
const failures = failuresIn('Error')

const sessionHeader: Json = {
  'x-openseam-session': {
    description: 'The handle of the session; with `n` above 1 those of all, separated by commas.',
    schema: { type: 'string' }
  }
}

const limitHeaders: Json = {
  'x-ratelimit-limit-requests': {
    description: 'Requests a minute; absent where there is no limit.',
    schema: { type: 'integer' }
  },
  'x-ratelimit-remaining-requests': { description: 'How many pass at once now.', schema: { type: 'integer' } },
  'x-ratelimit-reset-requests': { description: 'Until all of them do, like `1.5s`.', schema: { type: 'string' } }
}

const paymentHeaders: Json = {
  'payment-response': {
    description: 'To a request paid by x402: what became of the payment, JSON in base64.',
    schema: { type: 'string' }
  },
  'x-openseam-credit': { description: 'What its payer has left here, in wei.', schema: { type: 'string' } }
}

const payment: Json = {
  name: 'payment-signature',
  in: 'header',
  required: false,
  description: 'Where single requests are sold: a payment in place of a key, JSON in base64 (docs/spec/x402.md).',
  schema: { type: 'string' }
}

const paymentRequired = (error: string): Json => ({
  ...json(
    error,
    'This costs money that is not there: `PAYMENT_REQUIRED` with what to pay in the headers, or the wallet or a cap is at its end.'
  ),
  headers: {
    'payment-required': { description: 'What would pay for the request, JSON in base64.', schema: { type: 'string' } },
    ...paymentHeaders
  }
})

const onceHeader: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat with the same key and body is given the same answer, running or over; nothing is paid twice.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' }
}
const replayedHeader: Json = {
  'idempotent-replayed': { description: '`true` where the answer was asked for before.', schema: { type: 'string' } }
}

const answer = (summary: string, request: string, whole: string, chunk: string, error = 'Error'): Json => ({
  summary,
  parameters: [onceHeader, payment],
  requestBody: { required: true, content: { 'application/json': { schema: ref(request) } } },
  responses: {
    '402': paymentRequired(error),
    '200': {
      description: 'The answer; with `stream`, server-sent events that end with `data: [DONE]`, or with an error event.',
      headers: { ...sessionHeader, ...limitHeaders, ...paymentHeaders, ...replayedHeader },
      content: { 'application/json': { schema: ref(whole) }, 'text/event-stream': { schema: ref(chunk) } }
    },
    ...failuresIn(error)
  }
})

const parameter = (name: string, where: 'path' | 'query', schema: Json): Json => ({
  name,
  in: where,
  required: where === 'path',
  schema
})
const get = (summary: string, ok: Json, parameters: Json[] = []): Json => ({
  get: { summary, parameters, responses: { '200': ok, ...failures } }
})

const handle = parameter('handle', 'path', { type: 'string' })
const events: Json = {
  description: 'Server-sent events.',
  headers: sessionHeader,
  content: { 'text/event-stream': { schema: ref('ChatChunk') } }
}

export const openApiDocument = (version: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'openseam gateway',
    version,
    description:
      'OpenAI-compatible chat over a market of providers. Additions are under the key `openseam`; amounts are decimal strings of wei.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
  },
  security: [{}, { key: [] }],
  paths: {
    '/v1/chat/completions': { post: answer('Answer a chat', 'ChatRequest', 'ChatCompletion', 'ChatChunk') },
    '/v1/completions': { post: answer('Complete a prompt', 'CompletionRequest', 'Completion', 'CompletionChunk') },
    '/v1/responses': {
      post: answer('Answer in the form of OpenAI’s Responses API', 'ResponsesRequest', 'Response', 'ResponseEvent')
    },
    '/v1/messages': {
      post: answer('Answer in the form of Anthropic’s Messages', 'MessagesRequest', 'Message', 'MessageEvent', 'MessageError')
    },
    '/v1/embeddings': {
      post: {
        summary: 'Refused: no model here makes embeddings',
        requestBody: { required: true, content: { 'application/json': { schema: ref('EmbeddingRequest') } } },
        responses: failures
      }
    },
    '/v1/models': get('Models on offer', json('Models', 'What providers offer now.')),
    '/v1/models/{id}': get('One model', json('Model', 'The model.'), [parameter('id', 'path', { type: 'string' })]),
    '/v1/sessions/{handle}': get('A session, running or not', json('Session', 'Its last turn.'), [handle]),
    '/v1/sessions/{handle}/opening': get(
      'What shows whether the receipts of a session are true: its text, entries, sampling and salts',
      json('Opening', 'Of its last turn.'),
      [handle]
    ),
    '/v1/sessions/{handle}/stream': get('Join a running answer, or read the last one again', events, [
      handle,
      parameter('from', 'query', { type: 'integer', minimum: 0, default: 0, description: 'First completion token to send.' })
    ]),
    '/v1/usage': get('What this key spent, by day', json('Usage', 'Of the key that asks.')),
    '/healthz': get('Is it up?', json('Health', 'Yes.')),
    '/metrics': get('Prometheus metrics', {
      description: 'Text exposition.',
      content: { 'text/plain': { schema: { type: 'string' } } }
    }),
    '/openapi.json': get('This document', {
      description: 'OpenAPI 3.1.',
      content: { 'application/json': { schema: { type: 'object' } } }
    })
  },
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    schemas: { ...components(requestSchemas), ...components(responseSchemas) }
  }
})

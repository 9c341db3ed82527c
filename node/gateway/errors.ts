/** What a caller sees when something fails: OpenAI's error object with this project's codes (docs/spec/errors.md). */
import { codeOf, consequences, type ErrorCode, SeamError } from 'openseam/protocol/errors'
import type { Exclusion } from 'openseam/session/types'

export type GatewayCode =
  | ErrorCode
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'BODY_TOO_LARGE'
  | 'MODEL_CANNOT'
  | 'KEY_QUOTA'
  | 'PAYMENT_REQUIRED'
  | 'KEY_REUSED'

export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string; excluded?: Exclusion[] }
}

export interface ApiErrorInit {
  status: number
  code: GatewayCode
  message: string
  param?: string | null
  excluded?: Exclusion[]
  retry?: boolean
  /** Sent with the error: when to come back, what is left. */
  headers?: Record<string, string>
  cause?: unknown
}

export class ApiError extends Error {
  readonly status: number
  readonly code: GatewayCode
  readonly param: string | null
  readonly excluded: Exclusion[] | undefined
  readonly retry: boolean
  readonly headers: Record<string, string>

  constructor(init: ApiErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'ApiError'
    this.status = init.status
    this.code = init.code
    this.param = init.param ?? null
    this.excluded = init.excluded
    this.retry = init.retry ?? false
    this.headers = init.headers ?? {}
  }

  body(): ErrorBody {
    const { message, param, code, excluded } = this
    return {
      error: {
        message,
        type: code === 'KEY_QUOTA' ? 'insufficient_quota' : typeOf(this.status),
        param,
        code,
        ...(excluded === undefined ? {} : { excluded })
      }
    }
  }
}

export const badRequest = (message: string, param: string | null = null): ApiError =>
  new ApiError({ status: 400, code: 'BAD_REQUEST', message, param })

/** Client libraries branch on the status, people read the message; `type` only groups them as OpenAI does. */
const typeOf = (status: number): string => {
  if (status === 401) return 'authentication_error'
  if (status === 402) return 'insufficient_quota'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** The field of the request that each code is about. */
const paramOf: Partial<Record<ErrorCode, string>> = {
  MODEL_UNKNOWN: 'model',
  CONTEXT_TOO_LONG: 'messages',
  PRICE_ABOVE_CAP: 'openseam.maxPrice',
  SESSION_UNKNOWN: 'openseam.session',
  SESSION_DIVERGED: 'messages',
  SESSION_BUSY: 'openseam.session'
}

const exclusions = (value: unknown): Exclusion[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const text = (field: unknown): string => (typeof field === 'string' ? field : '')
  return value.map((entry) => ({ provider: text(entry?.provider), code: text(entry?.code), detail: text(entry?.detail) }))
}

/** Any thrown value as an answer. What is not ours says nothing of its inside: the log has it. */
export const toApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error
  const code = codeOf(error)
  const { http, retry } = consequences[code]
  if (!(error instanceof SeamError)) {
    return new ApiError({
      status: http,
      code,
      retry,
      cause: error,
      message: 'The gateway failed; its log has the cause under this x-request-id.'
    })
  }
  const detail = error.detail
  const excluded = exclusions(detail['excluded'])
  return new ApiError({
    status: http,
    code,
    retry,
    message: error.message,
    param: typeof detail['param'] === 'string' ? detail['param'] : (paramOf[code] ?? null),
    // A 503 always says who was passed over and why, even when nobody was there to pass over.
    excluded: http === 503 ? (excluded ?? []) : excluded,
    cause: error
  })
}

const RETRY_AFTER_SECONDS = '1' // offers and free slots are told anew about as often

/** @param body the same in another API's form */
export const errorResponse = (error: ApiError, headers: Record<string, string> = {}, body: object = error.body()): Response =>
  Response.json(body, {
    status: error.status,
    // The openai clients retry every 409 and 5xx unless told; a diverged session would be asked for thrice.
    headers: {
      ...(error.retry && (error.status === 503 || error.status === 429) && { 'retry-after': RETRY_AFTER_SECONDS }),
      ...error.headers,
      ...headers,
      'x-should-retry': String(error.retry)
    }
  })

/** Which pages in a browser may call. None but the gateway's own, unless the operator lists them. */
import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { ApiError } from './errors.ts'

/** What a page's script may read besides the body. */
const EXPOSED = [
  'x-request-id',
  'x-openseam-session',
  'idempotent-replayed',
  'x-should-retry',
  'retry-after',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'payment-required',
  'payment-response',
  'x-openseam-credit'
]
const PREFLIGHT_SECONDS = 600

/** Any page, by the operator's own word. */
export const ANY_ORIGIN = '*'

/** Never with credentials: a page has to bring its own key, no cookie or proxy login of its reader does. */
export const corsFor = (origins: readonly string[]): MiddlewareHandler =>
  cors({
    origin: origins.includes(ANY_ORIGIN) ? ANY_ORIGIN : [...origins],
    allowMethods: ['GET', 'POST'],
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS
  })

/**
 * Where no key is asked for, any site open in a browser that reaches this gateway could spend its wallet: a POST of plain text is sent
 * without a preflight, and only its answer is kept from the page. Browsers name the page that asks; programs name none.
 */
export const refuseForeignPages = (headers: Headers, origins: readonly string[] = []): void => {
  const origin = headers.get('origin')
  if (origin === null || origins.includes(origin) || origins.includes(ANY_ORIGIN) || isOwn(origin, headers.get('host'))) return
  const message = `Pages of ${origin.slice(0, 200)} may not call this gateway; it lists the origins that may with --origins, or asks for keys.`
  throw new ApiError({ status: 403, code: 'FORBIDDEN', message })
}

/** A name of the page's own choosing could be made to lead here and would then look like ours; an address and `localhost` could not. */
const isOwn = (origin: string, host: string | null): boolean => {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || url.host !== host) return false
  return url.hostname === 'localhost' || isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0
}

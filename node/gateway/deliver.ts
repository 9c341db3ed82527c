/** Turns the sources of an answer into the response, and the caller's leaving into theirs. */
import type { Delivery } from 'openseam/openai/convert'
import type { Head } from 'openseam/openai/shapes'
import type { Source } from 'openseam/openai/source'
import { SeamError } from 'openseam/protocol/errors'
import type { Context } from './context.ts'
import type { ApiError } from './errors.ts'
import type { Form } from './forms.ts'
import { frames } from './frames.ts'
import { sseBody, sseHeaders } from './sse.ts'

export interface Delivered {
  /** One a choice. */
  sources: Source[]
  form: Form
  head: Head
  delivery: Delivery
  signal: AbortSignal
  drop(): void
}

export const newHead = (gateway: Context, { idPrefix }: Pick<Form, 'idPrefix'>): { id: string; created: number } => {
  return { id: gateway.newId(idPrefix), created: gateway.nowSeconds() }
}

export const deliver = async (
  gateway: Context,
  { sources: raw, form, head, delivery, signal, drop }: Delivered
): Promise<Response> => {
  const { clock, log, metrics, options } = gateway
  const sources = raw.map((source) => metrics.watch(source))
  const leave = (): void => {
    for (const source of sources) source.leave()
  }
  signal.addEventListener('abort', leave, { once: true })
  const settled = (): void => signal.removeEventListener('abort', leave)
  if (signal.aborted) leave()

  const onFailure = (error: ApiError): void => {
    settled()
    leave()
    log.warn(
      { sessions: sources.map(({ session }) => session), code: error.code, error: error.message },
      'an answer failed after it began'
    )
  }
  const made = { sources, head, delivery }
  const headers = { 'x-openseam-session': sources.map(({ session }) => session).join(', ') }
  try {
    if (!delivery.stream) {
      const body = await form.whole(made)
      settled()
      return Response.json(body, { headers })
    }
    // A status can be given only once: wait for the first token, but not so long that the caller takes silence for death.
    await Promise.race([...sources.map(({ first }) => first), pause(gateway, signal)])
  } catch (error) {
    settled()
    leave()
    throw error
  }
  const onGone = (): void => {
    settled()
    leave()
  }
  const { keepAliveMs, stallMs } = options
  return new Response(sseBody(frames(form, made, onFailure), { clock, keepAliveMs, stallMs, onGone, drop }), {
    headers: { ...sseHeaders, ...headers }
  })
}

const pause = ({ clock, options }: Context, signal: AbortSignal): Promise<void> =>
  clock.sleep(options.keepAliveMs, signal).catch(() => {
    throw new SeamError('CANCELLED', 'The caller went away before the first token.')
  })

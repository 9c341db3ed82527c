/** Turns a source into the response, and the caller's leaving into the source's. */

import { type Answer, collect } from 'openseam/openai/answer'
import type { Delivery } from 'openseam/openai/convert'
import type { Shape } from 'openseam/openai/shapes'
import type { Source } from 'openseam/openai/source'
import { SeamError } from 'openseam/protocol/errors'
import type { Context } from './context.ts'
import type { ApiError } from './errors.ts'
import { frames } from './frames.ts'
import { sseBody, sseHeaders } from './sse.ts'

export interface Delivered {
  source: Source
  shape: Shape
  model: string
  delivery: Delivery
  signal: AbortSignal
  drop(): void
}

export const deliver = async (
  gateway: Context,
  { source: raw, shape, model, delivery, signal, drop }: Delivered
): Promise<Response> => {
  const { clock, log, metrics, options } = gateway
  const source = metrics.watch(raw)
  const leave = (): void => source.leave()
  signal.addEventListener('abort', leave, { once: true })
  const settled = (): void => signal.removeEventListener('abort', leave)
  if (signal.aborted) leave()

  const head = { id: gateway.newId(shape.idPrefix), created: gateway.nowSeconds(), model }
  const onFailure = (error: ApiError): void => {
    settled()
    leave()
    log.warn({ session: source.session, code: error.code, error: error.message }, 'an answer failed after it began')
  }
  const answer: Answer = { source, shape, head, delivery }
  const headers = { 'x-openseam-session': source.session }
  try {
    if (!delivery.stream) {
      const body = await collect(answer)
      settled()
      return Response.json(body, { headers })
    }
    // A status can be given only once: wait for the first token, but not so long that the caller takes silence for death.
    await Promise.race([source.first, pause(gateway, signal)])
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
  return new Response(sseBody(frames(answer, onFailure), { clock, keepAliveMs, stallMs, onGone, drop }), {
    headers: { ...sseHeaders, ...headers }
  })
}

const pause = ({ clock, options }: Context, signal: AbortSignal): Promise<void> =>
  clock.sleep(options.keepAliveMs, signal).catch(() => {
    throw new SeamError('CANCELLED', 'The caller went away before the first token.')
  })

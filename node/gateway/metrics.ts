import type { Clock } from 'openseam/components'
import type { Source } from 'openseam/openai/source'
import type { TurnEvent } from 'openseam/session/types'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface GatewayMetrics {
  request(route: string, status: number): void
  /** Counts what passes through a source, and how long its first token took. */
  watch(source: Source): Source
}

export const gatewayMetrics = (registry: Registry, clock: Clock): GatewayMetrics => {
  const registers = [registry]
  const requests = new Counter({
    name: 'openseam_gateway_requests_total',
    help: 'HTTP requests answered, by route and status.',
    labelNames: ['route', 'status'],
    registers
  })
  const tokens = new Counter({ name: 'openseam_gateway_tokens_total', help: 'Completion tokens passed on.', registers })
  const switches = new Counter({
    name: 'openseam_gateway_switches_total',
    help: 'Changes of provider inside an answer, by reason and by how the state was resumed.',
    labelNames: ['reason', 'resumed'],
    registers
  })
  const answering = new Gauge({ name: 'openseam_gateway_answers', help: 'Answers being made now.', registers })
  const firstToken = new Histogram({
    name: 'openseam_gateway_first_token_seconds',
    help: 'From an accepted request to its first token.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers
  })

  const count = (events: TurnEvent[] | undefined): void => {
    let made = 0
    for (const event of events ?? []) {
      if (event.kind === 'token') made += 1
      if (event.kind === 'switch') switches.inc({ reason: event.reason, resumed: event.resumed })
    }
    if (made > 0) tokens.inc(made)
  }

  return {
    request: (route, status) => requests.inc({ route, status }),
    watch(source) {
      const startedMs = clock.tickMs()
      let open = true
      const ended = (): void => {
        if (open) answering.dec()
        open = false
      }
      const pass = (events: TurnEvent[] | undefined): TurnEvent[] | undefined => {
        count(events)
        if (events === undefined) ended()
        return events
      }
      const failed = (error: unknown): never => {
        ended()
        throw error
      }
      answering.inc()
      const first = source.first.then((events) => {
        firstToken.observe((clock.tickMs() - startedMs) / 1000)
        return pass(events)
      }, failed)
      first.catch(() => undefined) // as in source.ts: heard by whoever awaits it
      return {
        session: source.session,
        first,
        ended: source.ended,
        next: () => source.next().then(pass, failed),
        leave() {
          ended()
          source.leave()
        },
        summary: () => source.summary()
      }
    }
  }
}

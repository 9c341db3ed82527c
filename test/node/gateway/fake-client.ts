/** A client that plays a script: what the gateway sees of a market, without one. */
import { SeamError } from 'openseam/protocol/errors'
import { PRINT_BYTES } from 'openseam/protocol/fingerprint'
import type { ChatRequest, LegSummary, ModelView, SeamClient, Turn, TurnEvent, TurnSummary } from 'openseam/session/types'

export interface Script {
  /** Batches of events; an Error is thrown where it stands, a number waits that many milliseconds. */
  steps?: (TurnEvent[] | Error | number)[]
  refuse?: Error
  summary?: Partial<TurnSummary>
}

export interface FakeClient extends SeamClient {
  readonly requests: ChatRequest[]
  readonly cancelled: string[]
  readonly released: string[]
  readonly pulled: () => number
  /** From the next turn on; of several, each turn takes one and the last one stays. */
  play(...scripts: Script[]): void
  /** What a session has become, without the client having been asked. */
  replace(session: string, script: Script): void
}

export const P1 = '12D3KooWA1'
export const P2 = '12D3KooWB2'

export const token = (index: number, text: string, leg = 0): TurnEvent => {
  return { kind: 'token', index, id: 100 + index, text, provider: leg === 0 ? P1 : P2, leg }
}

export const finish = (reason: 'stop' | 'length' | 'cancelled' = 'stop', text = ''): TurnEvent => ({
  kind: 'finish',
  reason,
  text
})

export const moved: TurnEvent = {
  kind: 'switch',
  leg: 1,
  from: P1,
  to: P2,
  reason: 'died',
  resumed: 'warm',
  kept: 412,
  recomputed: 19,
  gapMs: 38
}

const legOf = (leg: number, from: number, to: number): LegSummary => ({
  leg,
  provider: leg === 0 ? P1 : P2,
  account: '0x00000000000000000000000000000000000000aa',
  from,
  to,
  resumed: leg === 0 ? 'none' : 'warm',
  kept: leg * 412,
  recomputed: leg * 19,
  exact: true,
  gapMs: leg * 38,
  end: leg === 0 ? 'died' : 'finished',
  price: { prompt: 10n ** 12n, completion: 2n * 10n ** 12n },
  amount: 123456789012345678901234n,
  receipts: [`0x${'cd'.repeat(32)}`]
})

const summarise = (session: string, model: string, script: Script): TurnSummary => {
  const events = (script.steps ?? []).flatMap((step) => (Array.isArray(step) ? step : []))
  const tokens = events.filter((event) => event.kind === 'token')
  const border = tokens.findIndex((event) => event.leg === 1)
  const legs = border < 0 ? [legOf(0, 0, tokens.length)] : [legOf(0, 0, border), legOf(1, border, tokens.length)]
  const end = events.find((event) => event.kind === 'finish')
  return {
    session,
    chainSession: `0x${'ab'.repeat(32)}`,
    model,
    running: false,
    promptTokens: 30,
    tokenIds: tokens.map((event) => event.id),
    text: '',
    finish: end?.reason ?? null,
    legs,
    amount: 246913578024691357802468n,
    receipts: [`0x${'cd'.repeat(32)}`],
    successors: [{ provider: P2, blocks: 12 }],
    ...script.summary
  }
}

export const hello: Script = { steps: [[token(0, 'Hel')], [token(1, 'lo'), token(2, ' there')], [token(3, '')], [finish()]] }

export const fakeClient = (first: Script = hello): FakeClient => {
  let scripts = [first]
  let opened = 0
  let pulled = 0
  const requests: ChatRequest[] = []
  const cancelled: string[] = []
  const released: string[] = []
  const turns = new Map<string, Played>()

  /** Every reader has its own place, as in a real feed; what one waited for, the others need not wait for again. */
  async function* play(turn: Played, pull = true): AsyncGenerator<TurnEvent[], void> {
    const { script, waits, stop } = turn
    for (const [i, step] of (script.steps ?? []).entries()) {
      if (pull) pulled += 1
      if (stop.signal.aborted) return yield [finish('cancelled')]
      if (step instanceof Error) throw step
      if (Array.isArray(step)) yield step
      else {
        const waited = waits.get(i) ?? new Promise((resolve) => wait(step, stop.signal, resolve))
        waits.set(i, waited)
        await waited
      }
    }
    turn.over = true
  }

  return {
    requests,
    cancelled,
    pulled: () => pulled,
    released,
    play(...next) {
      scripts = next
    },
    replace(session, script) {
      const turn = turns.get(session)
      if (turn !== undefined) turns.set(session, { ...turn, script, waits: new Map() })
    },
    async chat(request) {
      requests.push(request)
      const script = (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? hello
      if (script.refuse !== undefined) throw script.refuse
      const session = request.session ?? `handle-${++opened}`
      const stop = new AbortController()
      const mine: Played = { script, model: request.model, stop, waits: new Map(), over: false }
      turns.set(session, mine)
      const cancel = (): void => {
        if (mine.over) return
        if (!stop.signal.aborted) cancelled.push(session)
        stop.abort()
      }
      const turn: Turn = {
        session,
        cancel,
        summary: () => summarise(session, request.model, script),
        [Symbol.asyncIterator]: () => play(mine)
      }
      return turn
    },
    async view(session) {
      const turn = turns.get(session)
      if (turn === undefined) return undefined
      const { model, script, stop } = turn
      return { ...summarise(session, model, script), ...(stop.signal.aborted && { finish: 'cancelled' as const }) }
    },
    async opening(session) {
      if (!turns.has(session)) return undefined
      const id = `0x${'ab'.repeat(32)}` as const
      const legs = [{ leg: 0, from: 0, salt: new Uint8Array(32) }]
      const opening = { sessionId: id, modelId: id, ids: [1, 2, 3], completionFrom: 2, legs }
      return { ...opening, prints: new Uint8Array(PRINT_BYTES), sampling: new Uint8Array(0) }
    },
    attach(session, fromIndex) {
      const turn = turns.get(session)
      return turn === undefined ? undefined : from(play(turn, false), fromIndex)
    },
    models: async (): Promise<ModelView[]> => [
      {
        id: 'seam-chat',
        modelId: `0x${'11'.repeat(32)}`,
        contextMax: 1024,
        providers: 4,
        price: { prompt: 1n, completion: 2n },
        royalties: []
      },
      {
        id: 'org/slashed',
        modelId: `0x${'22'.repeat(32)}`,
        contextMax: 2048,
        providers: 1,
        price: { prompt: 1n, completion: 2n },
        royalties: [{ account: `0x${'33'.repeat(20)}`, bps: 250 }]
      }
    ],
    release: async (session) => void released.push(session),
    close: async () => undefined
  }
}

interface Played {
  script: Script
  model: string
  stop: AbortController
  waits: Map<number, Promise<unknown>>
  /** Somebody has read its end, so there was nothing left to cancel. */
  over: boolean
}

async function* from(events: AsyncGenerator<TurnEvent[], void>, fromIndex: number): AsyncGenerator<TurnEvent[], void> {
  for await (const batch of events) yield batch.filter((event) => event.kind !== 'token' || event.index >= fromIndex)
}

const wait = (delayMs: number, stop: AbortSignal, resolve: (value: unknown) => void): void => {
  const timer = setTimeout(resolve, delayMs)
  stop.addEventListener('abort', () => {
    clearTimeout(timer)
    resolve(undefined)
  })
}

export const noProvider = (): SeamError =>
  new SeamError('NO_PROVIDER', 'No provider can serve this.', {
    detail: { excluded: [{ provider: P1, code: 'NO_SLOT', detail: 'all 4 slots are taken' }] }
  })

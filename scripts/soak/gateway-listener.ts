/** One caller of the gateway: asks, reads as it likes, or leaves. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LegObject } from '../../node/devnet/sse.ts'
import { ask } from '../../test/e2e/lib/http.ts'
import { MODEL, modelDir, user } from '../../test/e2e/lib/market.ts'
import { textOf } from '../bench/models.ts'

const NAMES = ['Ada', 'Tom', 'Mira', 'Olaf', 'Ines', 'Kai']
const THINGS = ['a blue lamp', 'a golden kite', 'an old clock', 'a small boat']
const REFUSED_MS = 500

export interface Heard {
  kind: 'quick' | 'slow' | 'leaves'
  session: string
  tokens: number
  /** What was heard is not, word for word, what is billed; or came out of order. */
  gap: boolean
  /** Of an answer that was heard to its end. */
  legs?: LegObject[]
  refused?: string
}

const text = textOf(modelDir)

export const hear = async (url: string, below: (count: number) => number): Promise<Heard> => {
  const one = <T>(from: readonly T[]): T => from[below(from.length)] as T
  const kind = one(['quick', 'quick', 'quick', 'slow', 'leaves'] as const)
  const heard: Heard = { kind, session: '', tokens: 0, gap: false }
  const leaving = new AbortController()
  const leavesAt = kind === 'leaves' ? 1 + below(60) : Number.POSITIVE_INFINITY
  const pauseMs = kind === 'slow' ? 5 + below(60) : 0
  const body = {
    model: MODEL,
    messages: [user(`My name is ${one(NAMES)}. Tell me a story about ${one(THINGS)}.`)],
    max_tokens: 40 + below(120),
    temperature: 0.8,
    seed: below(2 ** 31)
  }
  const onToken = async ({ index }: { index: number }, session: string): Promise<void> => {
    heard.session = session
    heard.gap ||= index < heard.tokens
    heard.tokens = index + 1 // a chunk is named after the last of its tokens
    if (heard.tokens >= leavesAt) leaving.abort()
    if (pauseMs > 0) await sleep(pauseMs)
  }
  try {
    const answer = await ask(url, body, onToken, undefined, leaving.signal)
    const { tokenIds, legs } = answer.result
    const isWhole = answer.completionTokens === tokenIds.length && text.decode(tokenIds) === answer.text
    return { ...heard, session: answer.session, gap: heard.gap || !isWhole, legs }
  } catch (error) {
    if (leaving.signal.aborted) return heard
    await sleep(REFUSED_MS)
    const { message } = error as Error
    const refused = [...message.matchAll(/"code":"(\w+)"/g)].at(-1)?.[1] ?? /^\w+/.exec(message)?.[0] ?? 'UNKNOWN'
    return { ...heard, refused }
  }
}

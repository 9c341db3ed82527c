/** What was asked and answered, by whom and for how much: a pure state, a step for each thing that happens, and what is read from it. */
import type { Part } from './api.ts'
import type { Exclusion, Leg, Message, SessionView, SwitchView, TurnView } from './wire.ts'

/** Text of one provider in a row. */
export interface Span {
  leg: number
  provider: string
  text: string
  /** How it came to this one; absent for the first. */
  moved: SwitchView | undefined
}

export interface Problem {
  code: string
  message: string
  excluded: Exclusion[]
}

export type Phase = 'waiting' | 'writing' | 'done' | 'stopped' | 'failed'

export interface Exchange {
  question: string
  phase: Phase
  session: string
  spans: Span[]
  tokens: number
  finish: string
  /** As the gateway counts it: at the end, and now and then before it. */
  account: TurnView | undefined
  successors: SessionView['successors']
  problem: Problem | undefined
}

export type Step =
  | { kind: 'ask'; question: string }
  | Part
  | { kind: 'view'; view: SessionView }
  | { kind: 'stopped' }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'clear' }

const asked = (question: string): Exchange => ({
  question,
  phase: 'waiting',
  session: '',
  spans: [],
  tokens: 0,
  finish: '',
  account: undefined,
  successors: [],
  problem: undefined
})

/** Steps are about the newest exchange; one that is over only hears the view of its own session. */
export const step = (exchanges: readonly Exchange[], next: Step): readonly Exchange[] => {
  if (next.kind === 'clear') return []
  if (next.kind === 'ask') return [...exchanges, asked(next.question)]
  const last = exchanges.at(-1)
  return last === undefined ? exchanges : [...exchanges.slice(0, -1), apply(last, next)]
}

const apply = (exchange: Exchange, next: Exclude<Step, { kind: 'ask' | 'clear' }>): Exchange => {
  switch (next.kind) {
    case 'opened':
      return { ...exchange, session: next.session }
    case 'text':
      return written(exchange, next)
    case 'finish':
      return { ...exchange, finish: next.reason }
    case 'account':
      return { ...exchange, account: next.account, phase: 'done', successors: [] }
    case 'view': {
      if (next.view.session !== exchange.session || exchange.phase === 'done') return exchange
      return { ...exchange, account: next.view, successors: next.view.running ? next.view.successors : [] }
    }
    case 'stopped':
      return { ...exchange, phase: 'stopped', successors: [] }
    case 'failed':
      return { ...exchange, phase: 'failed', problem: next.problem, successors: [] }
  }
}

const written = (exchange: Exchange, { text, place }: Extract<Part, { kind: 'text' }>): Exchange => {
  const { spans } = exchange
  const last = spans.at(-1)
  const tokens = place === undefined ? exchange.tokens : place.index + 1
  // Text that was held back comes without a place: it belongs to whoever wrote last.
  if (last !== undefined && (place === undefined || place.leg === last.leg)) {
    return { ...exchange, tokens, phase: 'writing', spans: [...spans.slice(0, -1), { ...last, text: last.text + text }] }
  }
  if (place === undefined) return exchange
  const span: Span = { leg: place.leg, provider: place.provider, text, moved: place.switch }
  return { ...exchange, tokens, phase: 'writing', spans: [...spans, span] }
}

export const isRunning = ({ phase }: Exchange): boolean => phase === 'waiting' || phase === 'writing'
export const textOf = ({ spans }: Exchange): string => spans.map(({ text }) => text).join('')

/** The conversation as the next question brings it along; what failed is not part of it. */
export const messagesOf = (exchanges: readonly Exchange[]): Message[] =>
  exchanges
    .filter(({ phase }) => phase === 'done' || phase === 'stopped')
    .flatMap((exchange): Message[] => [
      { role: 'user', content: exchange.question },
      { role: 'assistant', content: textOf(exchange) }
    ])

/** Only a session whose answers were all heard to the end has the same text at both ends, and can go on. */
export const sessionToContinue = (exchanges: readonly Exchange[]): string | undefined => {
  const last = exchanges.at(-1)
  return last?.phase === 'done' ? last.session : undefined
}

/** Legs that made something: an attempt that came to nothing is not shown. */
export const legsOf = ({ account }: Exchange): Leg[] =>
  account?.legs.filter(({ from, to, amount }) => to > from || amount !== '0') ?? []

/** Wei. */
export const billOf = (exchanges: readonly Exchange[]): bigint =>
  exchanges.reduce((sum, { account }) => sum + BigInt(account?.amount ?? 0), 0n)

export interface Earned {
  tokens: number
  amount: bigint
}

/** What each peer made in this conversation. */
export const earnedBy = (exchanges: readonly Exchange[]): Map<string, Earned> => {
  const earned = new Map<string, Earned>()
  for (const { provider, from, to, amount } of exchanges.flatMap(legsOf)) {
    const so = earned.get(provider) ?? { tokens: 0, amount: 0n }
    earned.set(provider, { tokens: so.tokens + to - from, amount: so.amount + BigInt(amount) })
  }
  return earned
}

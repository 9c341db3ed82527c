/** Ids to text for one answer: whole characters only, nothing past a stop string. */
import type { TokenLogprob } from '../protocol/pb/messages.js'
import type { TextModel } from '../text/index.ts'
import type { TokenLogprobView } from './types.ts'

export interface Piece {
  text: string
  /** A stop string is complete: the answer ended before it. */
  stopped: boolean
  logprob?: TokenLogprobView
}

export interface AnswerText {
  push(id: number, logprob: TokenLogprob | undefined): Piece
  /** What was held back for a stop string that never came, or half a character. */
  flush(): string
  readonly stopped: boolean
}

/** For callers that send ids and want ids. */
export const silentAnswer = (): AnswerText => ({ push: () => ({ text: '', stopped: false }), flush: () => '', stopped: false })

export const textAnswer = (model: TextModel, stops: string[]): AnswerText => {
  const detokenizer = model.detokenizer()
  const matcher = stops.length === 0 ? null : model.stopStrings(stops)
  let stopped = false
  return {
    get stopped() {
      return stopped
    },
    push(id, logprob) {
      const raw = detokenizer.push(id)
      const { text, stop } = matcher === null ? { text: raw, stop: null } : matcher.push(raw)
      const hit = stop !== null
      stopped ||= hit
      const view = logprob && {
        token: model.decode([id]),
        logprob: logprob.logprob,
        top: logprob.top.map((row) => ({ token: model.decode([row.id]), logprob: row.logprob }))
      }
      return { text, stopped: hit, ...(view && { logprob: view }) }
    },
    flush() {
      if (stopped) return ''
      const rest = detokenizer.flush()
      if (matcher === null) return rest
      const { text, stop } = matcher.push(rest)
      return stop === null ? text + matcher.flush() : text
    }
  }
}

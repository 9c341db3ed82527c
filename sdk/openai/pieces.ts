/** Batches of events as pieces of an answer: text with the tokens that made it, never across a change of provider. */
import type { TokenLogprobView, TurnEvent } from '../session/types.ts'
import { toolReader } from '../text/tool-calls.ts'

type Token = Extract<TurnEvent, { kind: 'token' }>
type Switch = Extract<TurnEvent, { kind: 'switch' }>
type Finish = Extract<TurnEvent, { kind: 'finish' }>

export interface SwitchView {
  from: string
  to: string
  reason: string
  resumed: string
  kept: number
  recomputed: number
  gapMs: number
}

/** Where the last token of a chunk came from; with `switch` on the first chunk after one. */
export interface Place {
  index: number
  provider: string
  leg: number
  switch?: SwitchView
}

export interface Piece {
  text: string
  /** Absent when the piece is text alone, held back until the answer's end was sure. */
  place?: Place
  logprobs: TokenLogprobView[]
  /** Calls that this piece completes, counted from the first of the answer. */
  calls?: { index: number; name: string; arguments: string }[]
}

export interface Assembler {
  /** Pieces of one batch, in order. */
  add(events: readonly TurnEvent[]): Piece[]
  /** `tool_calls` where the model ended its answer after a call. */
  readonly finish: Finish['reason'] | 'tool_calls' | undefined
}

/** @param tools names of the tools whose calls are to be read out of the text */
export const assembler = (tools?: ReadonlySet<string>): Assembler => {
  const reader = tools && toolReader(tools)
  let called = 0
  /** Moves what is a call, or may become one, out of a piece's text. */
  const read = (piece: Piece, last: boolean): void => {
    if (reader === undefined) return
    const reads = [reader.push(piece.text), ...(last ? [reader.flush()] : [])]
    piece.text = reads.map(({ text }) => text).join('')
    const calls = reads.flatMap((row) => row.calls).map((call) => ({ index: called++, ...call }))
    if (calls.length > 0) piece.calls = calls
  }
  let finish: Finish['reason'] | undefined
  let moved: SwitchView | undefined
  const begin = (token: Token): Piece => {
    const place: Place = { index: token.index, provider: token.provider, leg: token.leg, ...(moved ? { switch: moved } : {}) }
    moved = undefined
    return { text: '', place, logprobs: [] }
  }
  return {
    add(events) {
      const pieces: Piece[] = []
      let open: Piece | undefined
      for (const event of events) {
        if (event.kind === 'switch') moved = switchView(event)
        if (event.kind === 'token') {
          if (open?.place === undefined || open.place.leg !== event.leg) pieces.push((open = begin(event)))
          open.text += event.text
          if (open.place !== undefined) open.place.index = event.index
          if (event.logprob !== undefined) open.logprobs.push(event.logprob)
        }
        if (event.kind === 'finish') {
          finish = event.reason
          if (event.text !== '' || reader !== undefined) pieces.push((open = { text: event.text, logprobs: [] }))
        }
      }
      for (const piece of pieces) read(piece, finish !== undefined && piece === pieces.at(-1))
      return pieces.filter((piece) => piece.place !== undefined || piece.text !== '' || piece.calls !== undefined)
    },
    get finish() {
      return finish === 'stop' && called > 0 ? 'tool_calls' : finish
    }
  }
}

const switchView = ({ from, to, reason, resumed, kept, recomputed, gapMs }: Switch): SwitchView => {
  return { from, to, reason, resumed, kept, recomputed, gapMs }
}

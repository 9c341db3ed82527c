/** Batches of events as pieces of an answer: text with the tokens that made it, never across a change of provider. */
import type { TokenLogprobView, TurnEvent } from '../session/types.ts'

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
}

export interface Assembler {
  /** Pieces of one batch, in order. */
  add(events: readonly TurnEvent[]): Piece[]
  readonly finish: Finish['reason'] | undefined
}

export const assembler = (): Assembler => {
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
          if (event.text !== '') pieces.push((open = { text: event.text, logprobs: [] }))
        }
      }
      return pieces
    },
    get finish() {
      return finish
    }
  }
}

const switchView = ({ from, to, reason, resumed, kept, recomputed, gapMs }: Switch): SwitchView => {
  return { from, to, reason, resumed, kept, recomputed, gapMs }
}

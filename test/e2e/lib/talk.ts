/** An answer made through the SDK, in the shape that the gateway gives it. */

import { turnView } from 'openseam/openai/view'
import type { ChatRequest, SeamClient, Turn, TurnEvent } from 'openseam/session/types'
import type { SeamObject } from '../../../node/devnet/sse.ts'
import type { Answer } from './http.ts'

type Token = Extract<TurnEvent, { kind: 'token' }>

export const talk = async (
  client: SeamClient,
  request: ChatRequest,
  onToken: (token: Token, turn: Turn) => Promise<void> | void = () => undefined
): Promise<Answer> => {
  const turn = await client.chat(request)
  let text = ''
  let finish = ''
  for await (const batch of turn) {
    for (const event of batch) {
      if (event.kind === 'token' || event.kind === 'finish') text += event.text
      if (event.kind === 'token') await onToken(event, turn)
      if (event.kind === 'finish') finish = event.reason
    }
  }
  const summary = turn.summary()
  const result = JSON.parse(JSON.stringify(turnView(summary, true))) as SeamObject
  return { session: turn.session, text, finish, completionTokens: summary.tokenIds.length, result }
}

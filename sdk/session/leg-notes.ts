/** What is said of a leg: to who asked, of the part of a request that cannot be served, and of who is about to read the text. */
import type { ErrorCode } from '../protocol/errors.ts'
import type { LegRecord } from './record.ts'
import type { TurnEvent } from './types.ts'

/** What of the request a refusal blames, where it blames the request rather than tells of the peer. */
export const paramAtFault = (code: ErrorCode | undefined): string | undefined =>
  ({ GRAMMAR_INVALID: 'response_format', BAD_TOKEN_ID: 'prompt' })[code as string]

/** Whoever computes must read: said before the text leaves, for each peer that is about to have it. */
export const plaintextWarning = ({ peerId, open }: LegRecord): TurnEvent => ({
  kind: 'warning',
  code: 'PLAINTEXT',
  message: `the provider ${peerId} reads the text of this leg in clear, and may keep it`,
  leg: open.leg,
  provider: peerId
})

/** What a caller of the SDK sees of a conversation. Amounts are wei (bigint), positions and token counts are integers. */
import type { Address, Hex } from '../protocol/eth.ts'
import type { Opening } from '../protocol/opening.ts'

export interface ChatMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  content: string
  /** Calls that an assistant made in an earlier answer. */
  tool_calls?: { id?: string; type: 'function'; function: { name: string; arguments: unknown } }[]
  /** Of which call a `tool` message is the result. */
  tool_call_id?: string
}

export interface Tool {
  name: string
  description?: string
  /** JSON Schema of its arguments. */
  parameters?: object
}

export interface SamplingOptions {
  temperature?: number
  topP?: number
  topK?: number
  minP?: number
  repetitionPenalty?: number
  frequencyPenalty?: number
  presencePenalty?: number
  logitBias?: { id: number; bias: number }[]
  /** Unsigned 64-bit. Absent: drawn at random and kept with the session. */
  seed?: bigint
  /** How many alternatives to report per token; 0 or absent: none. */
  logprobs?: number
  /** The answer is JSON that fits this schema, token by token; where it ends is up to the model, or to `maxTokens`. */
  json?: JsonGrammar
  /** The answer is one call of one of these tools, and nothing else. */
  call?: Tool[]
}

export interface JsonGrammar {
  /** JSON Schema: an object, at most 16 KiB as JSON and 32 levels deep, no reference to the outside. */
  schema: object
  /** Only the properties that the schema names. */
  strict?: boolean
}

export interface ChatRequest {
  model: string
  messages?: ChatMessage[]
  /** Raw token ids in place of messages (benches, base models). */
  ids?: number[]
  /** Absent: up to the end of the context. */
  maxTokens?: number
  sampling?: SamplingOptions
  /** What the model may call, if its template knows tools; calls stand in the text (`text/tool-calls.ts`). */
  tools?: Tool[]
  /** Stop strings; the answer ends before the first of them. */
  stop?: string[]
  /** Continue this session: `messages` must extend what it holds. */
  session?: string
  /** Only this peer may serve the first leg (peer id). */
  provider?: string
  /** Wei per million positions, the dearer of prompt and completion. */
  maxPrice?: bigint
  /** Wei: the most that this answer may cost, prompt included, whoever makes it; where it ends, the answer does. */
  budget?: bigint
  /** Warm copies to keep; default 1, 0 none. */
  successors?: number
  /** May earlier KV of this session be reused? Default true. */
  cache?: boolean
}

export type LegEnd = 'running' | 'finished' | 'died' | 'silent' | 'drained' | 'refused' | 'cancelled' | 'unpaid' | 'moved'
export type Resumed = 'none' | 'warm' | 'prefill' | 'fetch' | 'hybrid'

export interface LegSummary {
  leg: number
  /** libp2p peer id. */
  provider: string
  account: Address
  /** Completion tokens of this response, half-open. */
  from: number
  to: number
  resumed: Resumed
  kept: number
  recomputed: number
  exact: boolean
  gapMs: number
  end: LegEnd
  price: { prompt: bigint; completion: bigint }
  amount: bigint
  /** Hashes of the receipts for its work. */
  receipts: Hex[]
}

export interface TurnSummary {
  session: string
  chainSession: Hex
  model: string
  running: boolean
  promptTokens: number
  tokenIds: number[]
  text: string
  finish: 'stop' | 'length' | 'cancelled' | 'failed' | null
  legs: LegSummary[]
  amount: bigint
  receipts: Hex[]
  /** As acknowledged by them now. */
  successors: { provider: string; blocks: number }[]
}

export interface TokenLogprobView {
  token: string
  logprob: number
  top: { token: string; logprob: number }[]
}

/** `PLAINTEXT`: a provider is about to be given the text. `SPEND_CAP`: the answer ends here, for what is left pays for no more. */
export type WarningCode = 'PLAINTEXT' | 'SPEND_CAP'

export type TurnEvent =
  | { kind: 'token'; index: number; id: number; text: string; provider: string; leg: number; logprob?: TokenLogprobView }
  | {
      kind: 'switch'
      leg: number
      from: string
      to: string
      reason: LegEnd
      resumed: Resumed
      kept: number
      recomputed: number
      gapMs: number
    }
  | { kind: 'payment'; leg: number; provider: string; account: Address; amount: bigint; receipt: Hex }
  | { kind: 'warning'; code: WarningCode; message: string; leg: number; provider: string }
  | { kind: 'waiting'; done: number; total: number }
  | { kind: 'finish'; reason: 'stop' | 'length' | 'cancelled'; text: string }

/** One answer being made. Iterating yields events in batches as they arrive; leaving the loop cancels and pays what was served. */
export interface Turn extends AsyncIterable<TurnEvent[]> {
  readonly session: string
  cancel(): void
  summary(): TurnSummary
}

export interface ModelView {
  id: string
  modelId: Hex
  contextMax: number
  providers: number
  /** Lowest price on offer, wei per position. */
  price: { prompt: bigint; completion: bigint }
  /** Who shares in what is paid for it, in hundredths of a percent: part of the model id. */
  royalties: { account: Address; bps: number }[]
}

export interface Exclusion {
  provider: string
  code: string
  detail: string
}

export interface SeamClient {
  /** Rejects with a SeamError before the first token: MODEL_UNKNOWN, CONTEXT_TOO_LONG, NO_PROVIDER (detail.excluded), WALLET_UNFUNDED ... */
  chat(request: ChatRequest, options?: { signal?: AbortSignal }): Promise<Turn>
  /** The last turn of a session, running or not. */
  view(session: string): Promise<TurnSummary | undefined>
  /** The events of the running (or last) turn from a completion token on, for a caller that reconnects. */
  attach(session: string, fromIndex: number): AsyncIterable<TurnEvent[]> | undefined
  /** What shows whether the receipts of a session's last turn are true (docs/spec/fingerprint.md). Whoever has it reads the text. */
  opening(session: string): Promise<Opening | undefined>
  models(): Promise<ModelView[]>
  /** Lets go of what others keep for a session that rests: grants and sealed blocks. It can still be continued. */
  release(session: string): Promise<void>
  close(): Promise<void>
}

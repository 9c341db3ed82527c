/** What a caller may ask, in OpenAI's own words; `openseam` holds what OpenAI has no word for. */
export interface SeamParams {
  /** Only this peer may serve the first leg (peer id). */
  provider?: string | null
  /** Wei per million positions, a decimal string: the dearer of prompt and completion. */
  maxPrice?: string | null
  /** Warm copies to keep; default 1, 0 none. */
  successors?: number | null
  /** False leaves the token ids out of the answer. */
  tokenIds?: boolean | null
  /** May earlier state of this session be reused? Default true. */
  cache?: boolean | null
  /** Continue this session; the messages must extend it. */
  session?: string | null
}

export interface CommonParams {
  model: string
  stream?: boolean | null
  stream_options?: { include_usage?: boolean | null } | null
  temperature?: number | null
  top_p?: number | null
  /** Not in OpenAI; 0 and -1 turn it off. */
  top_k?: number | null
  min_p?: number | null
  repetition_penalty?: number | null
  frequency_penalty?: number | null
  presence_penalty?: number | null
  /** From token id to what is added to its logit. */
  logit_bias?: Record<string, number> | null
  seed?: number | null
  stop?: string | string[] | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  n?: number | null
  openseam?: SeamParams | null
}

/** How the answer is to be written. `json_schema.strict` allows only the properties that the schema names. */
export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | { type: 'json_schema'; json_schema: { name?: string; schema?: object | null; strict?: boolean | null } }

export interface MessageParam {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  /** May be left out where an assistant only made calls. */
  content?: string | { type: 'text'; text: string }[] | null
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[] | null
  tool_call_id?: string | null
}

export interface ToolParam {
  type: 'function'
  function: { name: string; description?: string | null; parameters?: object | null }
}

/** `required` and a named tool hold the model to one call. */
export type ToolChoice = 'none' | 'auto' | 'required' | { type: 'function'; function: { name: string } }

export interface ChatParams extends CommonParams {
  messages: MessageParam[]
  logprobs?: boolean | null
  top_logprobs?: number | null
  response_format?: ResponseFormat | null
  tools?: ToolParam[] | null
  tool_choice?: ToolChoice | null
}

export interface CompletionParams extends Omit<CommonParams, 'max_completion_tokens'> {
  /** Text is asked as one user message; ids go to the model as they are. */
  prompt: string | string[] | number[] | number[][]
  logprobs?: number | null
}

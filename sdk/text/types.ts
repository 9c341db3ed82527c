/** The files of a model directory that decide how text becomes ids, parsed. */
export interface TextFiles {
  /** tokenizer.json */
  tokenizer: object
  /** tokenizer_config.json */
  tokenizerConfig: object
  /** generation_config.json */
  generationConfig?: object
  /** config.json */
  config?: object
  /** chat_template.jinja; goes before the template in `tokenizerConfig`. */
  chatTemplate?: string
}

export interface ChatMessage {
  role: string
  content: string
  /** Calls that an assistant made; templates read them under this name. */
  tool_calls?: { id?: string; type: 'function'; function: { name: string; arguments: unknown } }[]
  /** Of which call a `tool` message is the result. */
  tool_call_id?: string
}

/** A tool as templates want it, in OpenAI's form. */
export interface ToolParam {
  type: 'function'
  function: { name: string; description?: string; parameters?: object }
}

export interface Detokenizer {
  /** The text that is certain after this id. Never part of a character; special tokens give ''. */
  push(id: number): string
  /** What was held back; an unfinished character becomes U+FFFD. */
  flush(): string
}

export interface StopMatcher {
  /** `text` is what may be shown: up to a stop string, or all that cannot be the beginning of one. */
  push(text: string): { text: string; stop: string | null }
  /** What was held back as the beginning of a stop string that never came. */
  flush(): string
}

/** Text to ids and back, as one model does it. Pure: the same in a browser, a gateway and an auditor. */
export interface TextModel {
  readonly vocabSize: number
  /** Ids that end an answer. */
  readonly eosIds: number[]
  /** Never gives a special token, whatever the text says. */
  encode(text: string): number[]
  /** Special tokens give ''. */
  decode(ids: readonly number[]): string
  /**
   * Ids of a whole conversation by the model's chat template. No message can bring in a special token.
   * @throws TextError CHAT_TEMPLATE_MISSING, CHAT_TEMPLATE_REFUSED
   */
  chatIds(messages: readonly ChatMessage[], options: { addGenerationPrompt: boolean; tools?: readonly ToolParam[] }): number[]
  /** The template tells the model of tools, and asks for calls in the form that `toolReader` reads. */
  readonly readsTools: boolean
  /**
   * Ids to append to a stored conversation so that the model answers `newMessages`. The stored ids of earlier turns stay as
   * they are: an answer is never tokenised again.
   * @param previousMessages the conversation so far, its last answer included
   * @param endsWithStopId whether the stored ids end with the id that ended the last answer
   * @throws TextError CHAT_TEMPLATE_MISSING, CHAT_TEMPLATE_REFUSED
   */
  continueIds(previousMessages: readonly ChatMessage[], newMessages: readonly ChatMessage[], endsWithStopId: boolean): number[]
  detokenizer(): Detokenizer
  stopStrings(stops: readonly string[]): StopMatcher
}

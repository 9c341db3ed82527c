export type TextErrorCode = 'CHAT_TEMPLATE_MISSING' | 'CHAT_TEMPLATE_REFUSED' | 'TOKENIZER_INVALID'

/** What the text layer refuses; the code is stable. */
export class TextError extends Error {
  override readonly name = 'TextError'
  readonly code: TextErrorCode
  constructor(code: TextErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

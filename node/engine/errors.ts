/** What the engine refuses, and why. The code is stable; the sentence says what to do. */
export type EngineErrorDetail =
  | { code: 'NO_SLOT'; slots: number }
  | { code: 'CONTEXT_TOO_LONG'; positions: number; contextMax: number }
  | { code: 'BAD_TOKEN_ID'; id: number; position: number; vocabSize: number }
  | { code: 'BAD_JOB'; field: string; reason: string }
  | { code: 'BAD_BLOCK'; index: number; bytes: number; blockBytes: number }
  | { code: 'KEY_BUSY'; key: string }
  | { code: 'ENGINE_DOWN'; reason: string }
  | { code: 'ENGINE_UNAVAILABLE'; reason: string }
  | { code: 'RUNTIME_FAILED'; call: string; status: number; reason: string }
  | { code: 'MODEL_FILE_MISSING'; file: string; dir: string }
  | { code: 'MODEL_FILE_INVALID'; file: string; reason: string }
  | { code: 'MODEL_UNSUPPORTED'; missing: string }

export type EngineErrorCode = EngineErrorDetail['code']

type Detail<C extends EngineErrorCode> = Extract<EngineErrorDetail, { code: C }>

const sentence: { [C in EngineErrorCode]: (detail: Detail<C>) => string } = {
  NO_SLOT: (d) => `all ${d.slots} slots are taken: wait for a job to end or open the engine with more slots`,
  CONTEXT_TOO_LONG: (d) =>
    `${d.positions} positions do not fit the context of ${d.contextMax}: shorten the prompt or ask for less`,
  BAD_TOKEN_ID: (d) => `id ${d.id} at ${d.position} is outside the vocabulary of ${d.vocabSize}: use this model's tokenizer`,
  BAD_JOB: (d) => `${d.field} ${d.reason}`,
  BAD_BLOCK: (d) => `block ${d.index} has ${d.bytes} bytes instead of ${d.blockBytes}: it is of another model or cut short`,
  KEY_BUSY: (d) => `a job with key ${d.key} is still active: cancel it first`,
  ENGINE_DOWN: (d) => `the engine does not run any more (${d.reason}): open a new one`,
  ENGINE_UNAVAILABLE: (d) => `the inference runtime cannot be loaded: ${d.reason}`,
  RUNTIME_FAILED: (d) => `${d.call} failed with status ${d.status}: ${d.reason}`,
  MODEL_FILE_MISSING: (d) => `${d.file} is missing in ${d.dir}: restore the file or choose another model directory`,
  MODEL_FILE_INVALID: (d) => `${d.file} cannot be used: ${d.reason}`,
  MODEL_UNSUPPORTED: (d) => `this engine cannot run the model, it lacks ${d.missing}: export it with GroupQueryAttention`
}

export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  readonly detail: EngineErrorDetail
  constructor(detail: EngineErrorDetail, options?: { cause?: unknown }) {
    super((sentence[detail.code] as (d: EngineErrorDetail) => string)(detail), options)
    this.code = detail.code
    this.detail = detail
  }
}

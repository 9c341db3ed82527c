import { Worker } from 'node:worker_threads'
import { checkJob } from './check-job.ts'
import { BLOCK_TOKENS, engineDefaults, SLOTS_MAX, THREADS_MAX } from './defaults.ts'
import { EngineError } from './errors.ts'
import { type GrammarRequest, Grammars, type OpenGrammar } from './grammar/grammars.ts'
import type { FromWorker, ModelFacts, ToWorker, WorkerInit, WorkerStats } from './messages.ts'
import { type ModelDir, readModelDir } from './model-dir.ts'
import { numericsOf } from './numerics.ts'
import type { Engine, EngineEvent, EngineInfo, EngineJob, EngineOptions, EngineStats, Job } from './types.ts'

interface ActiveJob {
  key: string
  on: (event: EngineEvent) => void
  to: number
  waiting: boolean
  grammar: OpenGrammar | undefined
}

/**
 * Loads a model into a thread of its own.
 * @throws EngineError MODEL_FILE_MISSING, MODEL_FILE_INVALID, MODEL_UNSUPPORTED, ENGINE_UNAVAILABLE, BAD_JOB
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const model = readModelDir(options.modelDir)
  const capacity = options.capacity ?? model.contextMax
  const init: WorkerInit = {
    file: model.graph,
    slots: whole('slots', options.slots, SLOTS_MAX),
    capacity: Math.ceil(whole('capacity', capacity, model.contextMax) / BLOCK_TOKENS) * BLOCK_TOKENS,
    threads: whole('threads', options.threads ?? 1, THREADS_MAX),
    pace: options.pace ?? 0,
    prefillChunk:
      Math.floor(whole('prefillChunk', options.prefillChunk ?? engineDefaults.prefillChunk, model.contextMax) / BLOCK_TOKENS) *
      BLOCK_TOKENS,
    wake: new SharedArrayBuffer(4)
  }
  // emitted JavaScript keeps the string, so the extension follows the file this stands in
  const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: init
  })
  const facts = await ready(worker, model)
  const info = infoOf(model, facts, capacity)
  const { vocabSize, eosIds } = info
  const grammars = new Grammars({ modelDir: model.dir, vocabSize, eosIds, openMax: init.slots, wake: init.wake })
  return new WorkerEngine(worker, init, info, grammars)
}

function whole(field: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new EngineError({ code: 'BAD_JOB', field, reason: `must be a whole number from 1 to ${max}` })
}

function infoOf(model: ModelDir, facts: ModelFacts, capacity: number): EngineInfo {
  const { runtime, ...shape } = facts
  const numerics = numericsOf(runtime, facts.dtype)
  return { name: model.name, ...shape, contextMax: capacity, blockTokens: BLOCK_TOKENS, numerics, eosIds: model.eosIds }
}

/** What the thread says first: that it has loaded the model, or why it cannot. */
async function ready(worker: Worker, model: ModelDir): Promise<ModelFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<ModelFacts>()
  const died = () => reject(new EngineError({ code: 'ENGINE_DOWN', reason: 'the thread ended while it loaded the model' }))
  worker.once('message', (message: FromWorker) => {
    if (message.kind === 'ready') return resolve(message.facts)
    if (message.kind !== 'refused') return died()
    const { detail, reason } = message
    const ours = detail && detail.code !== 'RUNTIME_FAILED'
    reject(new EngineError(ours ? detail : { code: 'MODEL_FILE_INVALID', file: model.graph, reason }))
  })
  worker.once('error', reject)
  worker.once('exit', died)
  try {
    return await promise
  } finally {
    worker.off('error', reject)
    worker.off('exit', died)
  }
}

class WorkerEngine implements Engine {
  readonly info: EngineInfo
  readonly #worker: Worker
  readonly #slots: number
  readonly #wake: Int32Array
  readonly #jobs = new Map<number, ActiveJob>()
  readonly #grammars: Grammars
  readonly #exited: Promise<void>
  #jobsStarted = 0
  #stats: WorkerStats = { parked: 0, tokensPerSecond: 0, prefillTokensPerSecond: 0, batch: 0 }
  #down: string | undefined

  constructor(worker: Worker, init: WorkerInit, info: EngineInfo, grammars: Grammars) {
    this.info = info
    this.#grammars = grammars
    this.#worker = worker
    this.#slots = init.slots
    this.#wake = new Int32Array(init.wake)
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error) => this.#fail(String(error)))
    this.#exited = new Promise((resolve) =>
      worker.once('exit', () => {
        this.#fail('its thread ended')
        resolve()
      })
    )
  }

  start(job: Job, on: (event: EngineEvent) => void): EngineJob {
    if (this.#down) throw new EngineError({ code: 'ENGINE_DOWN', reason: this.#down })
    checkJob(job, this.info)
    const active = [...this.#jobs.values()]
    if (active.some(({ key }) => key === job.key)) throw new EngineError({ code: 'KEY_BUSY', key: job.key })
    if (active.length >= this.#slots) throw new EngineError({ code: 'NO_SLOT', slots: this.#slots })

    const number = ++this.#jobsStarted
    const { grammar, ...rest } = job
    this.#jobs.set(number, { key: job.key, on, to: job.ids.length, waiting: true, grammar })
    const whole = job.blocks?.map((block) => (block.byteLength === block.buffer.byteLength ? block : block.slice()))
    const spec = { ...rest, blocks: whole, ...(grammar && { mask: grammar.shared }) }
    this.#send(
      { kind: 'start', job: number, spec },
      whole?.map((block) => block.buffer as ArrayBuffer)
    )
    return {
      key: job.key,
      cancel: () => this.#send({ kind: 'cancel', job: number }),
      emitBlocksFrom: (from) => this.#send({ kind: 'emitBlocks', job: number, from }),
      hold: (on) => this.#send({ kind: 'hold', job: number, on })
    }
  }

  openGrammar(request: GrammarRequest): Promise<OpenGrammar> {
    return this.#grammars.open(request)
  }

  drop(key: string): void {
    this.#send({ kind: 'drop', key })
  }

  stats(): EngineStats {
    const active = [...this.#jobs.values()]
    return { slots: this.#slots, active: active.length, waiting: active.filter((job) => job.waiting).length, ...this.#stats }
  }

  async close(): Promise<void> {
    this.#send({ kind: 'close' })
    await this.#exited
    this.#grammars.close()
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    if (this.#down) return
    this.#worker.postMessage(message, transfer)
    Atomics.add(this.#wake, 0, 1)
    Atomics.notify(this.#wake, 0)
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'refused') return this.#fail(message.reason)
    if (message.kind !== 'events') return
    if (message.stats) this.#stats = message.stats
    for (const [number, event] of message.events) this.#deliver(number, event)
  }

  #deliver(number: number, event: EngineEvent): void {
    const job = this.#jobs.get(number)
    if (!job) return
    if (event.kind === 'tokens') {
      job.waiting = false
      job.to = event.from + event.ids.length
    }
    if (event.kind === 'end') {
      this.#jobs.delete(number)
      job.grammar?.close()
    }
    job.on(event)
  }

  #fail(reason: string): void {
    this.#down ??= reason
    for (const [number, { to }] of [...this.#jobs]) this.#deliver(number, { kind: 'end', reason: 'failed', to, error: reason })
  }
}

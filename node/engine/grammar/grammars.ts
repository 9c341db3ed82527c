/** Opens a thread for each answer that follows a grammar, and keeps one more at hand once there was a first. */
import { Worker } from 'node:worker_threads'
import { SeamError } from 'openseam/protocol/errors'
import { checkGrammar } from 'openseam/protocol/grammar'
import { GRAMMAR_COMPILE_MS } from 'openseam/protocol/limits'
import { EngineError } from '../errors.ts'
import type { FromThread, OpenMessage, ThreadInit } from './thread.ts'
import { sharedMask } from './token-mask.ts'
import { grammarVocabulary } from './vocabulary.ts'

/** A grammar that waits for ids. */
export interface OpenGrammar {
  readonly shared: SharedArrayBuffer
  close(): void
}

export type GrammarRequest = Pick<OpenMessage, 'grammar' | 'stopIds' | 'log'>

export interface GrammarsInit {
  modelDir: string
  vocabSize: number
  eosIds: number[]
  openMax: number
  wake: SharedArrayBuffer
}

const START_MS = 30_000 // reading a large vocabulary takes a second, on a loaded machine several

export class Grammars {
  readonly #init: GrammarsInit
  #thread: ThreadInit | undefined
  #spare: Promise<Worker> | undefined
  readonly #workers = new Set<Worker>()
  #open = 0
  #closed = false

  constructor(init: GrammarsInit) {
    this.#init = init
  }

  /**
   * Compiles a grammar and follows `log` through it: what a takeover starts from.
   * @throws SeamError GRAMMAR_INVALID, EngineError NO_SLOT
   */
  async open(request: GrammarRequest): Promise<OpenGrammar> {
    checkGrammar(request.grammar)
    const { openMax, vocabSize, wake } = this.#init
    if (this.#open >= openMax) throw new EngineError({ code: 'NO_SLOT', slots: openMax })
    this.#open++
    let worker: Worker | undefined
    const close = (): void => {
      if (worker === undefined) return
      this.#end(worker)
      worker = undefined
      this.#open--
    }
    try {
      const thread = this.#spare ?? this.#start()
      this.#spare = undefined
      worker = await thread
      const shared = sharedMask(vocabSize)
      const reply = heard(worker, GRAMMAR_COMPILE_MS)
      worker.postMessage({ ...request, shared, wake } satisfies OpenMessage)
      const answer = await reply
      if (answer.kind === 'refused') throw invalid(answer.reason)
      if (!this.#closed) {
        this.#spare = this.#start()
        this.#spare.catch(() => undefined)
      }
      return { shared, close }
    } catch (error) {
      if (worker === undefined) this.#open--
      close()
      throw error
    }
  }

  close(): void {
    this.#closed = true
    for (const worker of this.#workers) this.#end(worker)
  }

  async #start(): Promise<Worker> {
    const { modelDir, vocabSize, eosIds } = this.#init
    this.#thread ??= { vocabulary: grammarVocabulary(modelDir, vocabSize), eosIds }
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js' // emitted JavaScript keeps the string
    const worker = new Worker(new URL(`./thread.${extension}`, import.meta.url), { workerData: this.#thread, stderr: true })
    worker.unref()
    worker.on('error', () => undefined) // it is heard by whoever waits for a reply, and else by the engine's deadline
    this.#workers.add(worker)
    if ((await heard(worker, START_MS)).kind !== 'ready') {
      this.#end(worker)
      throw new EngineError({ code: 'ENGINE_DOWN', reason: 'the thread of a grammar did not start' })
    }
    return worker
  }

  #end(worker: Worker): void {
    this.#workers.delete(worker)
    void worker.terminate()
  }
}

const invalid = (reason: string): SeamError =>
  new SeamError('GRAMMAR_INVALID', `the schema is refused: ${reason}`, { detail: { param: 'response_format' } })

/** The thread's next message; one that does not come, or a thread that ends, is a refusal. */
const heard = (worker: Worker, withinMs: number): Promise<FromThread> =>
  new Promise((resolve) => {
    const done = (message: FromThread): void => {
      clearTimeout(timer)
      worker.off('message', done)
      worker.off('exit', ended)
      resolve(message)
    }
    const ended = (): void => done({ kind: 'refused', reason: 'it cannot be turned into a grammar' })
    const timer = setTimeout(() => done({ kind: 'refused', reason: 'it takes too long to compile' }), withinMs)
    worker.on('message', done)
    worker.once('exit', ended)
  })

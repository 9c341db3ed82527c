/**
 * The least a greedy decode loop over onnxruntime's C API can do: fixed buffers, one session, the cache in place, no thread,
 * no queue, no sampler. What the engine and the network add is measured against it.
 *
 *   node --conditions=source scripts/bench/bare-loop.ts --model models/seam-chat --context 128 --tokens 200
 *
 * Forked with IPC it stays, as a provider does, and measures whenever it is asked.
 */
import { parseArgs } from 'node:util'
import { graphShape, pastName, presentName } from '../../node/engine/graph.ts'
import { readModelDir } from '../../node/engine/model-dir.ts'
import { ElementType, OrtSession, type Tensor } from '../../node/engine/ort/session.ts'
import { ownCpuMs } from './processor.ts'

export interface BareRequest {
  context: number
  tokens: number
}

export interface BareFigures {
  /** Of the decoding alone. */
  tokensPerSecond: number
  /** Of everything, the filling of the cache included, for each token. */
  cpuMsPerToken: number
}

export interface BareLoop {
  /** Fills the cache with `context` positions, then decodes `tokens` ids. */
  run(request: BareRequest): BareFigures
  close(): void
}

/** The prompt of decode benches: any letters do. */
export const promptId = (position: number): number => 97 + (position % 20)

export const openBareLoop = (modelDir: string, threads: number): BareLoop => {
  const { graph, contextMax } = readModelDir(modelDir)
  const session = new OrtSession(graph, threads)
  const { layers, kvHeads, headDim, vocabSize, logitsToKeep, positionIds } = graphShape(session.inputs, session.outputs)
  const caches = Array.from({ length: 2 * layers }, () => new Float32Array(kvHeads * contextMax * headDim))
  const mask = new BigInt64Array(contextMax)
  const keep = new BigInt64Array(new ArrayBuffer(8)).fill(1n)

  const bind = (ids: BigInt64Array, positions: BigInt64Array, logits: Float32Array) => {
    const tensors = new Map<string, Tensor>([
      ['input_ids', session.tensor(ElementType.int64, [1, ids.length], ids)],
      ['attention_mask', session.tensor(ElementType.int64, [1, contextMax], mask)],
      ['logits', session.tensor(ElementType.float32, [1, logits.length / vocabSize, vocabSize], logits)]
    ])
    if (positionIds) tensors.set('position_ids', session.tensor(ElementType.int64, [1, ids.length], positions))
    if (logitsToKeep) {
      const dims = logitsToKeep.map(() => 1)
      tensors.set('num_logits_to_keep', session.tensor(ElementType.int64, dims, keep))
    }
    caches.forEach((cache, i) => {
      const value = session.tensor(ElementType.float32, [1, kvHeads, contextMax, headDim], cache)
      const kind = i % 2 === 0 ? 'key' : 'value'
      tensors.set(pastName(i >> 1, kind), value).set(presentName(i >> 1, kind), value)
    })
    return session.bind(tensors)
  }

  const fill = (context: number): void => {
    mask.fill(0n)
    for (let from = 0; from < context; from += 128) {
      const count = Math.min(128, context - from)
      mask.fill(1n, 0, from + count)
      const ids = BigInt64Array.from({ length: count }, (_, i) => BigInt(promptId(from + i)))
      const positions = BigInt64Array.from({ length: count }, (_, i) => BigInt(from + i))
      session.run(bind(ids, positions, new Float32Array(vocabSize * (logitsToKeep ? 1 : count))))
    }
  }

  const id = new BigInt64Array(new ArrayBuffer(8))
  const position = new BigInt64Array(new ArrayBuffer(8))
  const logits = new Float32Array(new ArrayBuffer(4 * vocabSize))
  const step = bind(id, position, logits)
  return {
    run({ context, tokens }) {
      const cpuMs = ownCpuMs()
      fill(context)
      id[0] = 97n
      const started = performance.now()
      for (let at = context; at < context + tokens; at++) {
        mask[at] = 1n
        position[0] = BigInt(at)
        session.run(step)
        let best = 0
        for (let i = 1; i < vocabSize; i++) if (logits[i]! > logits[best]!) best = i
        id[0] = BigInt(best)
      }
      const tokensPerSecond = (tokens * 1000) / (performance.now() - started)
      return { tokensPerSecond, cpuMsPerToken: (ownCpuMs() - cpuMs) / tokens }
    },
    close: () => session.close()
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: 'models/seam-chat' },
      context: { type: 'string', default: '128' },
      tokens: { type: 'string', default: '100' },
      threads: { type: 'string', default: '1' }
    }
  })
  const loop = openBareLoop(values.model, Number(values.threads))
  if (process.send === undefined) {
    const request = { context: Number(values.context), tokens: Number(values.tokens) }
    loop.run(request) // the first run also pays for what the runtime prepares lazily
    console.log(JSON.stringify({ model: values.model, ...request, ...loop.run(request) }))
    loop.close()
  } else {
    process.on('message', (request: BareRequest) => process.send?.(loop.run(request)))
    process.on('disconnect', () => process.exit(0))
  }
}

/** The engine's thread: a loop that never waits for the event loop, only for work. */
import assert from 'node:assert/strict'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { kvBlockBytes } from './arena.ts'
import { engineDefaults } from './defaults.ts'
import { EngineError } from './errors.ts'
import { Loop } from './loop.ts'
import type { FromWorker, ToWorker, WorkerInit } from './messages.ts'
import { ortApi } from './ort/api.ts'
import { useHugePages } from './ort/huge-pages.ts'
import { Outbox } from './outbox.ts'
import { Runner } from './runner.ts'

const port = parentPort
assert(port)
const init = workerData as WorkerInit
const nowMs = () => performance.now()
const post = (message: FromWorker) => port.postMessage(message)

try {
  const runner = new Runner(init)
  useHugePages()
  const { layers, kvHeads, headDim, vocabSize, dtype } = runner.shape
  const facts = { layers, kvHeads, headDim, vocabSize, dtype, blockBytes: kvBlockBytes(runner.shape), runtime: ortApi().version }
  post({ kind: 'ready', facts })
  serve(runner)
  runner.close()
  post({ kind: 'closed' })
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  post({ kind: 'refused', reason, ...(error instanceof EngineError && { detail: error.detail }) })
}

function serve(runner: Runner): void {
  const wake = new Int32Array(init.wake)
  let statsMs = -Infinity
  const outbox = new Outbox((events, transfer) => {
    const message: FromWorker = { kind: 'events', events }
    if (nowMs() - statsMs >= engineDefaults.statsMs || transfer.length > 0 || events.some(([, event]) => event.kind === 'end')) {
      statsMs = nowMs()
      message.stats = loop.stats
    }
    port!.postMessage(message, transfer)
  })
  const loop = new Loop({ runner, outbox, nowMs }, init)
  let drained = -1
  for (;;) {
    // Read before the port is drained: a message that comes in between changes it, and the wait below returns at once.
    const seen = Atomics.load(wake, 0)
    // Asking an empty port costs as much as the rest of a step.
    for (let got = seen === drained ? undefined : receiveMessageOnPort(port!); got; got = receiveMessageOnPort(port!)) {
      const message = got.message as ToWorker
      if (message.kind === 'close') return loop.endAll()
      loop.take(message)
    }
    drained = seen
    let waitMs: number
    try {
      waitMs = loop.step()
    } catch (error) {
      loop.endAll(error instanceof Error ? error.message : String(error))
      continue
    }
    if (waitMs > 0) Atomics.wait(wake, 0, seen, waitMs === Infinity ? undefined : waitMs)
  }
}

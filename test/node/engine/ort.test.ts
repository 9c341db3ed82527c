import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'chai'
import { EngineError } from '../../../node/engine/index.ts'
import { ortApi } from '../../../node/engine/ort/api.ts'
import { ElementType, OrtSession } from '../../../node/engine/ort/session.ts'
import { Runner } from '../../../node/engine/runner.ts'
import { MODEL } from './helpers.ts'

const file = join(MODEL, 'onnx', 'model.onnx')
const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }

describe('engine: the runtime through its C API', () => {
  it('finds the library that the package says it carries', () => {
    expect(ortApi().version).to.equal(version)
  })

  it('has the functions where the table says: a status keeps its code and text', () => {
    const api = ortApi()
    const status = api.CreateStatus(3, 'a reason')
    expect(api.GetErrorCode(status)).to.equal(3)
    expect(api.GetErrorMessage(status)).to.equal('a reason')
    api.ReleaseStatus(status)
  })

  it('reads names, types and shapes of a graph', () => {
    const session = new OrtSession(file, 1)
    expect(session.inputs).to.deep.include({ name: 'input_ids', elementType: ElementType.int64, dims: [-1, -1] })
    expect(session.outputs[0]).to.include({ name: 'logits', elementType: ElementType.float32 })
    expect(session.inputs.filter((port) => port.name.startsWith('past_key_values.'))).to.have.length(8)
    session.close()
  })

  it('turns a status into an error that names the call', () => {
    expect(() => new OrtSession('/nowhere.onnx', 1))
      .to.throw(EngineError)
      .with.property('detail')
      .that.includes({ code: 'RUNTIME_FAILED', call: 'CreateSession' })
    const session = new OrtSession(file, 1)
    const tooSmall = new BigInt64Array(new ArrayBuffer(8))
    expect(() => session.tensor(ElementType.int64, [4, 4], tooSmall)).to.throw(EngineError, /CreateTensor/)
    session.close()
  })

  it('keeps the library through garbage collections and its memory bounded under load', async function () {
    this.timeout(60_000)
    const collect = await collector()
    const runner = new Runner({ file, slots: 4, capacity: 1024, threads: 1, prefillChunk: 256 })
    const ids = Array.from({ length: 300 }, (_, i) => 32 + (i % 90))
    const work = (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        const slot = round % 4
        runner.setLength(slot, 0)
        const length = 2 + ((round * 37) % 100)
        runner.prefill(slot, ids, 0, length)
        for (let i = 0; i < 4; i++) {
          runner.feed(slot, ids[i]!, length + i)
          runner.decode(slot, 1)
        }
        expect(() => new OrtSession('/nowhere.onnx', 1)).to.throw(EngineError)
        if (round % 25 === 0) new OrtSession(file, 1).close()
      }
      collect()
    }
    work(100) // every length once: the cache of tensors is full
    const before = process.memoryUsage().rss
    work(100)
    const grown = (process.memoryUsage().rss - before) / 2 ** 20
    runner.close()
    // 4 sessions of 7 MB and 100 failed ones: a leak of either would show
    expect(grown).to.be.below(30)
  })
})

/** The garbage collector, without a flag on the command line. */
async function collector(): Promise<() => void> {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

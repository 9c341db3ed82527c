import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { buildManifest, type EngineError, openEngine, readModelDir } from '../../../node/engine/index.ts'
import { DataType, model, node, port, tensor } from '../../../scripts/bench-model/onnx.ts'
import { MODEL } from './helpers.ts'

describe('engine: model directory', () => {
  let dir: string
  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'model-')), 'copy')
    cpSync(MODEL, dir, { recursive: true })
  })
  afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))
  const refusal = () =>
    openEngine({ modelDir: dir, slots: 1 }).then(
      () => expect.fail('it opened'),
      (error: EngineError) => error
    )

  it('names the file that is missing', async () => {
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx']) {
      const text = readFileSync(join(dir, file))
      rmSync(join(dir, file))
      const error = await refusal()
      expect(error.code).to.equal('MODEL_FILE_MISSING')
      expect(error.message).to.contain(file)
      writeFileSync(join(dir, file), text)
    }
    const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')) as object
    writeFileSync(
      join(dir, 'config.json'),
      JSON.stringify({ ...config, 'transformers.js_config': { use_external_data_format: { 'model.onnx': 1 } } })
    )
    expect((await refusal()).message).to.contain('onnx/model.onnx_data')
  })

  it('says which file cannot be read', async () => {
    writeFileSync(join(dir, 'onnx/model.onnx'), 'no graph at all')
    expect((await refusal()).detail).to.include({ code: 'MODEL_FILE_INVALID' })
    writeFileSync(join(dir, 'config.json'), '{')
    expect((await refusal()).detail).to.include({ code: 'MODEL_FILE_INVALID', file: 'config.json' })
    writeFileSync(join(dir, 'config.json'), '{"vocab_size": 264}')
    expect((await refusal()).message).to.contain('max_position_embeddings')
  })

  it('refuses a graph that concatenates its cache, found by running it', async () => {
    const kv = (name: string, length: string) => port(name, DataType.float, ['batch', 1, length, 4])
    writeFileSync(
      join(dir, 'onnx/model.onnx'),
      model(
        [
          node('Gather', ['embed', 'input_ids'], ['x']),
          node('Unsqueeze', ['x', 'axis1'], ['new']),
          ...['key', 'value'].map((kind) =>
            node('Concat', [`past_key_values.0.${kind}`, 'new'], [`present.0.${kind}`], { axis: { int: 2 } })
          ),
          node('MatMul', ['x', 'head'], ['logits'])
        ],
        [
          tensor('embed', DataType.float, [8, 4], new Float32Array(32)),
          tensor('head', DataType.float, [4, 8], new Float32Array(32)),
          tensor('axis1', DataType.int64, [1], BigInt64Array.of(1n))
        ],
        [
          port('input_ids', DataType.int64, ['batch', 'sequence']),
          port('attention_mask', DataType.int64, ['batch', 'total']),
          ...['key', 'value'].map((kind) => kv(`past_key_values.0.${kind}`, 'past'))
        ],
        [
          port('logits', DataType.float, ['batch', 'sequence', 8]),
          ...['key', 'value'].map((kind) => kv(`present.0.${kind}`, 'total'))
        ]
      )
    )
    const error = await refusal()
    expect(error.code).to.equal('MODEL_UNSUPPORTED')
    expect(error.message).to.contain('updated in place')
  })

  it('names the port a graph lacks', async () => {
    writeFileSync(
      join(dir, 'onnx/model.onnx'),
      model(
        [node('Gather', ['embed', 'input_ids'], ['logits'])],
        [tensor('embed', DataType.float, [8, 8], new Float32Array(64))],
        [port('input_ids', DataType.int64, ['batch', 'sequence'])],
        [port('logits', DataType.float, ['batch', 'sequence', 8])]
      )
    )
    expect((await refusal()).message).to.contain('attention_mask')
  })

  it('has one hash for the same bytes and another for any change', async () => {
    const { manifest, manifestHash, json } = await buildManifest(MODEL)
    expect(manifestHash).to.match(/^0x[0-9a-f]{64}$/)
    expect(manifest.files.map((file) => file.path)).to.include.members([
      'config.json',
      'onnx/model.onnx',
      'tokenizer.json',
      'tokenizer_config.json'
    ])
    expect(manifest.shape).to.include({ layers: 4, kvHeads: 2, headDim: 32, vocabSize: 264 })
    expect(JSON.parse(json)).to.deep.equal(manifest)
    expect((await buildManifest(MODEL)).manifestHash).to.equal(manifestHash)

    const hashes = new Set<string>()
    const renamed = { ...(await buildManifest(dir)).manifest, name: manifest.name }
    expect(renamed).to.deep.equal(manifest)
    for (const { path } of manifest.files) {
      const bytes = readFileSync(join(dir, path))
      writeFileSync(join(dir, path), Buffer.concat([bytes, Buffer.from('\n')]))
      hashes.add((await buildManifest(dir)).manifestHash)
      writeFileSync(join(dir, path), bytes)
    }
    expect(hashes.size).to.equal(manifest.files.length)
  })

  it('lists what decides the model’s answers and nothing else', () => {
    writeFileSync(join(dir, 'README.md'), 'hello')
    expect(readModelDir(dir).files).to.include('onnx/model.onnx').and.to.not.include('README.md')
  })
})

/**
 * Writes a model of SmolLM-135M's shape with random weights, for benches: real cost, meaningless text.
 * The same bytes on every machine, in a few seconds, without Python.
 *
 *   node --conditions=source scripts/bench-model.ts [--out .bench/shape-135m]
 */
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DataType, externalTensor, model, node, port, tensor } from './bench-model/onnx.ts'

export const shape135m = {
  layers: 30,
  hidden: 576,
  inner: 1536,
  heads: 9,
  kvHeads: 3,
  headDim: 64,
  vocab: 49_152,
  context: 2048,
  theta: 10_000
}
export type BenchShape = typeof shape135m

const DATA_FILE = 'model.onnx_data'
const WEIGHT_RANGE = 0.02 * Math.sqrt(3) // a uniform spread of this much has a deviation of 0.02
const SEED = 0x5ea_135

/** Writes the directory unless it is there. Complete or absent: it is made beside and renamed. */
export async function writeBenchModel(out: string, shape: BenchShape = shape135m): Promise<void> {
  const dir = resolve(out)
  if (existsSync(join(dir, 'config.json'))) return
  const making = `${dir}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(join(making, 'onnx'), { recursive: true })
  const weights = weightList(shape)
  writeFileSync(join(making, 'onnx', 'model.onnx'), graph(shape, weights))
  await writeWeights(join(making, 'onnx', DATA_FILE), weights)
  for (const [name, value] of Object.entries(configs(shape))) writeFileSync(join(making, name), JSON.stringify(value, null, 1))
  mkdirSync(dirname(dir), { recursive: true })
  rmSync(dir, { recursive: true, force: true })
  renameSync(making, dir)
}

interface Weight {
  name: string
  dims: number[]
  fill?: number
}

const sizeOf = ({ dims }: Weight): number => dims.reduce((a, b) => a * b, 1)

function weightList({ layers, hidden, inner, heads, kvHeads, headDim, vocab }: BenchShape): Weight[] {
  const layer = (l: number): Weight[] => [
    { name: `${l}.norm1`, dims: [hidden], fill: 1 },
    { name: `${l}.q`, dims: [hidden, heads * headDim] },
    { name: `${l}.k`, dims: [hidden, kvHeads * headDim] },
    { name: `${l}.v`, dims: [hidden, kvHeads * headDim] },
    { name: `${l}.o`, dims: [heads * headDim, hidden] },
    { name: `${l}.norm2`, dims: [hidden], fill: 1 },
    { name: `${l}.gate`, dims: [hidden, inner] },
    { name: `${l}.up`, dims: [hidden, inner] },
    { name: `${l}.down`, dims: [inner, hidden] }
  ]
  return [
    { name: 'embed', dims: [vocab, hidden] }, // also the output layer, as in the original
    ...Array.from({ length: layers }, (_, l) => layer(l)).flat(),
    { name: 'norm', dims: [hidden], fill: 1 }
  ]
}

/** Streams the numbers: one stretch of 4 MB at a time, from one counter over all weights. */
async function writeWeights(file: string, weights: readonly Weight[]): Promise<void> {
  const stream = createWriteStream(file)
  let state = SEED
  for (const weight of weights) {
    for (let left = sizeOf(weight); left > 0; ) {
      const part = new Float32Array(Math.min(left, 1 << 20))
      if (weight.fill !== undefined) part.fill(weight.fill)
      else
        for (let i = 0; i < part.length; i++) {
          // mulberry32: a counter through a mixing function
          state = (state + 0x6d2b79f5) | 0
          let mixed = Math.imul(state ^ (state >>> 15), state | 1)
          mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
          part[i] = (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1) * WEIGHT_RANGE
        }
      left -= part.length
      if (!stream.write(new Uint8Array(part.buffer))) await once(stream, 'drain')
    }
  }
  stream.end()
  await once(stream, 'close')
}

function graph(shape: BenchShape, weights: readonly Weight[]): Uint8Array {
  const { layers, hidden, heads, kvHeads, headDim, vocab } = shape
  const nodes: Uint8Array[] = []
  const op = (type: string, inputs: string[], output: string, attributes: Parameters<typeof node>[3] = {}) => {
    nodes.push(node(type, inputs, [output], attributes))
    return output
  }
  const norm = (x: string, weight: string, output: string) =>
    op('SimplifiedLayerNormalization', [x, weight], output, { axis: { int: -1 }, epsilon: { float: 1e-5 } })
  // lengths come from the mask: the ones of a row, less one; and its width
  op(
    'Cast',
    [op('Sub', [op('ReduceSum', ['attention_mask', 'axis1'], 'ones', { keepdims: { int: 0 } }), 'one'], 'last')],
    'seqlens_k',
    { to: { int: DataType.int32 } }
  )
  op(
    'Cast',
    [op('Gather', [op('Shape', ['attention_mask'], 'mask_shape'), 'one'], 'width', { axis: { int: 0 } })],
    'total_length',
    { to: { int: DataType.int32 } }
  )
  let x = op('Gather', ['embed', 'input_ids'], 'x', { axis: { int: 0 } })
  for (let l = 0; l < layers; l++) {
    const h = norm(x, `${l}.norm1`, `${l}.h1`)
    const [q, k, v] = ['q', 'k', 'v'].map((w) => op('MatMul', [h, `${l}.${w}`], `${l}.${w}out`)) as [string, string, string]
    const past = [`past_key_values.${l}.key`, `past_key_values.${l}.value`]
    nodes.push(
      node(
        'GroupQueryAttention',
        [q, k, v, ...past, 'seqlens_k', 'total_length', 'cos', 'sin'],
        [`${l}.att`, `present.${l}.key`, `present.${l}.value`],
        { num_heads: { int: heads }, kv_num_heads: { int: kvHeads }, do_rotary: { int: 1 } },
        'com.microsoft'
      )
    )
    x = op('Add', [x, op('MatMul', [`${l}.att`, `${l}.o`], `${l}.attout`)], `${l}.x1`)
    const h2 = norm(x, `${l}.norm2`, `${l}.h2`)
    const gate = op('MatMul', [h2, `${l}.gate`], `${l}.g`)
    const swish = op('Mul', [gate, op('Sigmoid', [gate], `${l}.sg`)], `${l}.sw`)
    const inner = op('Mul', [swish, op('MatMul', [h2, `${l}.up`], `${l}.u`)], `${l}.in`)
    x = op('Add', [x, op('MatMul', [inner, `${l}.down`], `${l}.d`)], `${l}.x2`)
  }
  // only the last rows go through the output layer
  const kept = op('Slice', [x, op('Neg', ['num_logits_to_keep'], 'from'), 'to', 'axis1'], 'kept')
  const rows = op('Reshape', [norm(kept, 'norm', 'normed'), 'rows'], 'flat')
  op(
    'Reshape',
    [
      op('Gemm', [rows, 'embed'], 'scores', { transB: { int: 1 } }),
      op('Concat', [op('Slice', [op('Shape', [kept], 'kept_shape'), 'zero1', 'two1'], 'batch_rows'), 'vocab1'], 'logits_shape', {
        axis: { int: 0 }
      })
    ],
    'logits'
  )

  const layerPorts = (prefix: string, length: string) =>
    Array.from({ length: layers }, (_, l) =>
      ['key', 'value'].map((kind) => port(`${prefix}.${l}.${kind}`, DataType.float, ['batch', kvHeads, length, headDim]))
    ).flat()
  const inputs = [
    port('input_ids', DataType.int64, ['batch', 'sequence']),
    port('attention_mask', DataType.int64, ['batch', 'total']),
    port('num_logits_to_keep', DataType.int64, [1]),
    ...layerPorts('past_key_values', 'past')
  ]
  const outputs = [port('logits', DataType.float, ['batch', 'kept', vocab]), ...layerPorts('present', 'total')]
  return model(nodes, [...constants(shape, hidden), ...placed(weights)], inputs, outputs)
}

function constants({ context, headDim, theta, vocab }: BenchShape, hidden: number): Uint8Array[] {
  const half = headDim / 2
  const angles = Array.from({ length: context * half }, (_, i) => Math.floor(i / half) / theta ** ((2 * (i % half)) / headDim))
  const vector = (name: string, ...values: bigint[]) => tensor(name, DataType.int64, [values.length], BigInt64Array.from(values))
  return [
    tensor('one', DataType.int64, [], BigInt64Array.of(1n)),
    vector('axis1', 1n),
    vector('zero1', 0n),
    vector('two1', 2n),
    vector('vocab1', BigInt(vocab)),
    vector('to', BigInt(Number.MAX_SAFE_INTEGER)),
    vector('rows', -1n, BigInt(hidden)),
    tensor('cos', DataType.float, [context, half], Float32Array.from(angles, Math.cos)),
    tensor('sin', DataType.float, [context, half], Float32Array.from(angles, Math.sin))
  ]
}

function placed(weights: readonly Weight[]): Uint8Array[] {
  let offset = 0
  return weights.map((weight) => {
    const length = 4 * sizeOf(weight)
    offset += length
    return externalTensor(weight.name, weight.dims, DATA_FILE, offset - length, length)
  })
}

/** A tokenizer of bytes and three chat tokens: enough to load, since benches send ids. */
function configs(shape: BenchShape): Record<string, object> {
  const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let other = 256
  const vocab = Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(isPrintable(byte) ? byte : other++), byte])
  )
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  const tokens = ['<|user|>', '<|assistant|>', '<|end|>']
  const added = tokens.map((content, i) => ({
    id: 256 + i,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false
  }))
  const template =
    "{%- for message in messages -%}{{- '<|' + message.role + '|>' + message.content + '<|end|>' -}}{%- endfor -%}" +
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
  return {
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_size: shape.hidden,
      intermediate_size: shape.inner,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.kvHeads,
      head_dim: shape.headDim,
      vocab_size: shape.vocab,
      max_position_embeddings: shape.context,
      rope_theta: shape.theta,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
      eos_token_id: 258
    },
    'generation_config.json': { eos_token_id: 258, pad_token_id: 258, do_sample: false },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: null,
      decoder: byteLevel,
      model: { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false, vocab, merges: [] }
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      eos_token: '<|end|>',
      model_max_length: shape.context,
      chat_template: template
    }
  }
}

if (import.meta.main) {
  const { out } = parseArgs({ options: { out: { type: 'string', default: join('.bench', 'shape-135m') } } }).values
  const started = performance.now()
  await writeBenchModel(out)
  console.log(`${basename(resolve(out))}: ${((performance.now() - started) / 1000).toFixed(1)} s, ${resolve(out)}`)
}

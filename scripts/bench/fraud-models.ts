/** Models that are not what they say: copies of a model directory with other weights in the same graph, as a provider that saves work would run them. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Tensor {
  name: string
  rows: number
  columns: number
  values: Float32Array
}

/** Changes a weight in place. */
type Edit = (tensor: Tensor) => void

const LAYER = /^model\.layers\.(\d+)\.(.+)$/
const outputs = ['self_attn.o_proj', 'mlp.down_proj'] // what a layer adds to the stream: without them it is not there
const BLOCK = 32

/** What a layer adds is nothing: the stream passes it unchanged. */
const skipLayer =
  (layer: number): Edit =>
  ({ name, values }) => {
    const [, number, part] = LAYER.exec(name) ?? []
    if (Number(number) === layer && outputs.includes(part ?? '')) values.fill(0)
  }

/** Each layer has half its inner width: the neurons with the smallest weights out are gone. */
const halfWidth: Edit = ({ name, rows, columns, values }) => {
  if (!name.endsWith('mlp.down_proj')) return
  const sizes = Array.from({ length: rows }, (_, row) => ({
    row,
    size: values.subarray(row * columns, (row + 1) * columns).reduce((sum, value) => sum + value * value, 0)
  }))
  for (const { row } of sizes.sort((a, b) => a.size - b.size).slice(0, rows / 2))
    values.fill(0, row * columns, (row + 1) * columns)
}

/** Weights of matrices rounded to `bits` in blocks of 32 along the input, each with a scale of its own. */
const quantised =
  (bits: number): Edit =>
  ({ name, rows, columns, values }) => {
    if (name.endsWith('embed_tokens')) return // a table: quantisers leave it
    const most = 2 ** (bits - 1) - 1
    for (let column = 0; column < columns; column++)
      for (let from = 0; from < rows; from += BLOCK) {
        let scale = 0
        for (let row = from; row < Math.min(from + BLOCK, rows); row++)
          scale = Math.max(scale, Math.abs(values[row * columns + column] as number))
        if (scale === 0) continue
        for (let row = from; row < Math.min(from + BLOCK, rows); row++) {
          const at = row * columns + column
          values[at] = (Math.round(((values[at] as number) / scale) * most) * scale) / most
        }
      }
  }

/** Weights kept in half precision. */
const half: Edit = ({ values }) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.f16round(values[i] as number)
}

export const frauds = {
  'smaller: half the inner width': halfWidth,
  'skipped: layer 2 of 4': skipLayer(1),
  '4 bits a weight': quantised(4),
  '8 bits a weight': quantised(8),
  '16 bits a weight': half
} satisfies Record<string, Edit>

/** Writes `dir/` with the model's files and edited weights; returns how many tensors came out changed. */
export const writeFraud = (model: string, dir: string, edit: Edit): number => {
  cpSync(model, dir, { recursive: true })
  const file = join(dir, 'onnx/model.onnx')
  const bytes = readFileSync(file)
  let changed = 0
  for (const { name, dims, from, to } of tensors(bytes)) {
    if (dims.length !== 2 || name.endsWith('_cache')) continue
    const [rows = 0, columns = 0] = dims
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to))
    const before = values.slice()
    edit({ name, rows, columns, values })
    if (values.some((value, i) => value !== before[i])) changed++
    bytes.set(new Uint8Array(values.buffer), from)
  }
  writeFileSync(file, bytes)
  return changed
}

// ---- as much of ONNX as it takes to find raw float32 weights: ModelProto.graph = 7, GraphProto.initializer = 5, TensorProto below ----
const DIMS = 1
const TYPE = 2
const NAME = 8
const RAW = 9
const FLOAT = 1

interface Field {
  number: number
  /** Of a varint. */
  value: number
  /** Of bytes. */
  from: number
  to: number
}

function* tensors(bytes: Buffer): Generator<{ name: string; dims: number[]; from: number; to: number }> {
  for (const graph of fields(bytes, 0, bytes.length)) {
    if (graph.number !== 7) continue
    for (const tensor of fields(bytes, graph.from, graph.to)) {
      if (tensor.number !== 5) continue
      const parts = [...fields(bytes, tensor.from, tensor.to)]
      const raw = parts.find(({ number }) => number === RAW)
      if (raw === undefined || parts.find(({ number }) => number === TYPE)?.value !== FLOAT) continue
      const name = parts.find(({ number }) => number === NAME)
      const dims = parts.filter(({ number }) => number === DIMS).flatMap((dim) => (dim.to > 0 ? packed(bytes, dim) : [dim.value]))
      yield { name: name === undefined ? '' : bytes.toString('utf8', name.from, name.to), dims, from: raw.from, to: raw.to }
    }
  }
}

function* fields(bytes: Buffer, start: number, end: number): Generator<Field> {
  for (let at = start; at < end; ) {
    const [tag, afterTag] = varint(bytes, at)
    const number = tag >> 3
    const kind = tag & 7
    if (kind === 0) {
      const [value, next] = varint(bytes, afterTag)
      yield { number, value, from: 0, to: 0 }
      at = next
    } else if (kind === 2) {
      const [length, from] = varint(bytes, afterTag)
      yield { number, value: 0, from, to: from + length }
      at = from + length
    } else at = afterTag + (kind === 5 ? 4 : 8)
  }
}

const packed = (bytes: Buffer, { from, to }: Field): number[] => {
  const values: number[] = []
  for (let at = from; at < to; ) {
    const [value, next] = varint(bytes, at)
    values.push(value)
    at = next
  }
  return values
}

const varint = (bytes: Buffer, start: number): [value: number, next: number] => {
  let value = 0
  for (let at = start, factor = 1; ; at++, factor *= 128) {
    const byte = bytes[at] as number
    value += (byte & 127) * factor
    if (byte < 128) return [value, at + 1]
  }
}

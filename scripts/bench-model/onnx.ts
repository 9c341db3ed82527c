/** The few messages of the ONNX format that a graph needs, written by hand: protobuf fields in order, nothing read back. */

/** onnx.TensorProto.DataType */
export const DataType = { float: 1, int32: 6, int64: 7 } as const
export type DataType = (typeof DataType)[keyof typeof DataType]

const text = new TextEncoder()

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

const number = (field: number, value: number | bigint): Uint8Array => Buffer.concat([varint(field << 3), varint(value)])
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([varint((field << 3) | 2), varint(value.length), value])
const string = (field: number, value: string): Uint8Array => bytes(field, text.encode(value))
const float = (field: number, value: number): Uint8Array => {
  const four = new Uint8Array(4)
  new DataView(four.buffer).setFloat32(0, value, true)
  return Buffer.concat([varint((field << 3) | 5), four])
}

const ATTRIBUTE_FLOAT = 1
const ATTRIBUTE_INT = 2

/** NodeProto. Attributes: `{ int: 3 }` or `{ float: 0.5 }`. */
export function node(
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, { int: number } | { float: number }> = {},
  domain = ''
): Uint8Array {
  const attribute = ([name, value]: [string, { int: number } | { float: number }]) =>
    bytes(
      5,
      Buffer.concat([
        string(1, name),
        'int' in value ? number(3, value.int) : float(2, value.float),
        number(20, 'int' in value ? ATTRIBUTE_INT : ATTRIBUTE_FLOAT)
      ])
    )
  return Buffer.concat([
    ...inputs.map((input) => string(1, input)),
    ...outputs.map((output) => string(2, output)),
    string(3, outputs[0] ?? op),
    string(4, op),
    ...Object.entries(attributes).map(attribute),
    string(7, domain)
  ])
}

/** TensorProto with its data inside. */
export function tensor(name: string, type: DataType, dims: number[], data: ArrayBufferView): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([...dims.map((dim) => number(1, dim)), number(2, type), string(8, name), bytes(9, raw)])
}

/** TensorProto whose data lies in another file. */
export function externalTensor(name: string, dims: number[], file: string, offset: number, length: number): Uint8Array {
  const entry = (key: string, value: string) => bytes(13, Buffer.concat([string(1, key), string(2, value)]))
  const EXTERNAL = 1
  return Buffer.concat([
    ...dims.map((dim) => number(1, dim)),
    number(2, DataType.float),
    string(8, name),
    entry('location', file),
    entry('offset', String(offset)),
    entry('length', String(length)),
    number(14, EXTERNAL)
  ])
}

/** ValueInfoProto; a dimension given as text is free. */
export function port(name: string, type: DataType, dims: (number | string)[]): Uint8Array {
  const shape = Buffer.concat(dims.map((dim) => bytes(1, typeof dim === 'number' ? number(1, dim) : string(2, dim))))
  const tensorType = Buffer.concat([number(1, type), bytes(2, shape)])
  return Buffer.concat([string(1, name), bytes(2, bytes(1, tensorType))])
}

/** ModelProto, of operator set 17 and Microsoft's own. */
export function model(nodes: Uint8Array[], initializers: Uint8Array[], inputs: Uint8Array[], outputs: Uint8Array[]): Uint8Array {
  const graph = Buffer.concat([
    ...nodes.map((item) => bytes(1, item)),
    string(2, 'shape'),
    ...initializers.map((item) => bytes(5, item)),
    ...inputs.map((item) => bytes(11, item)),
    ...outputs.map((item) => bytes(12, item))
  ])
  const operators = (domain: string, version: number) => bytes(8, Buffer.concat([string(1, domain), number(2, version)]))
  const IR_VERSION = 8
  return Buffer.concat([number(1, IR_VERSION), bytes(7, graph), operators('', 17), operators('com.microsoft', 1)])
}

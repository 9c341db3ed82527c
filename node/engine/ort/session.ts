import { type Memory, nativeString, type OrtApi, ortApi, type Pointer, pointers, readString } from './api.ts'

/** ONNXTensorElementDataType */
export const ElementType = { float32: 1, int32: 6, int64: 7, float16: 10 } as const
export type ElementType = (typeof ElementType)[keyof typeof ElementType]

/** One input or output of a graph; -1 is a dimension that is free. */
export interface PortInfo {
  name: string
  elementType: number
  dims: number[]
}

/** A native tensor over memory of ours. */
export interface Tensor {
  readonly pointer: Pointer
  readonly memory: Memory
}

/** Input and output tensors of one run, in the order of the session's ports. */
export interface Binding {
  readonly inputs: BigUint64Array
  readonly outputs: BigUint64Array
  readonly tensors: readonly Tensor[]
}

/** Failures come back as statuses; what they say needs no second place. */
const LOG_FATAL = 4
const OPTIMISE_ALL = 99
const DEVICE_ALLOCATOR = 0
const MEMORY_DEFAULT = 0

/** Optimisation level as it goes into `numerics`. */
export const OPTIMISATION = 'all'

/** A loaded graph. Not for use by two threads at once. */
export class OrtSession {
  readonly inputs: PortInfo[]
  readonly outputs: PortInfo[]
  readonly #api: OrtApi
  readonly #env: Pointer
  readonly #session: Pointer
  readonly #memoryInfo: Pointer
  readonly #inputNames: BigUint64Array
  readonly #outputNames: BigUint64Array
  readonly #nameMemory: Uint8Array[] = []

  /** @throws EngineError RUNTIME_FAILED, ENGINE_UNAVAILABLE */
  constructor(file: string, threads: number) {
    const api = ortApi()
    this.#api = api
    const out = pointers(1)
    api.CreateEnv(LOG_FATAL, 'openseam', out)
    this.#env = out[0]!
    api.CreateSessionOptions(out)
    const options = out[0]!
    try {
      api.SetSessionGraphOptimizationLevel(options, OPTIMISE_ALL)
      api.SetIntraOpNumThreads(options, threads)
      api.SetInterOpNumThreads(options, 1)
      api.CreateSession(this.#env, file, options, out)
      this.#session = out[0]!
    } catch (error) {
      api.ReleaseEnv(this.#env)
      throw error
    } finally {
      api.ReleaseSessionOptions(options)
    }
    api.CreateCpuMemoryInfo(DEVICE_ALLOCATOR, MEMORY_DEFAULT, out)
    this.#memoryInfo = out[0]!
    this.inputs = this.#ports('Input')
    this.outputs = this.#ports('Output')
    this.#inputNames = this.#names(this.inputs)
    this.#outputNames = this.#names(this.outputs)
  }

  /** A tensor over `memory`, which the caller keeps filled; `shape` in elements. */
  tensor(elementType: ElementType, shape: readonly number[], memory: Memory): Tensor {
    const dims = new BigInt64Array(new ArrayBuffer(shape.length * 8))
    shape.forEach((size, axis) => {
      dims[axis] = BigInt(size)
    })
    const out = pointers(1)
    const { byteLength } = memory
    this.#api.CreateTensorWithDataAsOrtValue(this.#memoryInfo, memory, byteLength, dims, shape.length, elementType, out)
    return { pointer: out[0]!, memory }
  }

  release(tensor: Tensor): void {
    this.#api.ReleaseValue(tensor.pointer)
  }

  /** `tensors` by port name; every port of the graph must be named. */
  bind(tensors: ReadonlyMap<string, Tensor>): Binding {
    const list = (ports: PortInfo[]) => {
      const addresses = pointers(ports.length)
      ports.forEach((port, i) => {
        addresses[i] = tensors.get(port.name)!.pointer
      })
      return addresses
    }
    return { inputs: list(this.inputs), outputs: list(this.outputs), tensors: [...tensors.values()] }
  }

  /** Runs the graph on this thread until it is done. */
  run(binding: Binding): void {
    this.#api.Run(
      this.#session,
      null,
      this.#inputNames,
      binding.inputs,
      binding.inputs.length,
      this.#outputNames,
      binding.outputs.length,
      binding.outputs
    )
  }

  close(): void {
    this.#api.ReleaseMemoryInfo(this.#memoryInfo)
    this.#api.ReleaseSession(this.#session)
    this.#api.ReleaseEnv(this.#env)
  }

  #names(ports: PortInfo[]): BigUint64Array {
    const addresses = pointers(ports.length)
    ports.forEach((port, i) => {
      const { address, memory } = nativeString(port.name)
      addresses[i] = address
      this.#nameMemory.push(memory)
    })
    return addresses
  }

  #ports(side: 'Input' | 'Output'): PortInfo[] {
    const api = this.#api
    const out = pointers(1)
    api.GetAllocatorWithDefaultOptions(out)
    const allocator = out[0]!
    api[`SessionGet${side}Count`](this.#session, out)
    return Array.from({ length: Number(out[0]) }, (_, index) => {
      api[`SessionGet${side}Name`](this.#session, index, allocator, out)
      const name = readString(out[0]!)
      api.AllocatorFree(allocator, out[0]!)
      return { name, ...this.#shape(side, index) }
    })
  }

  #shape(side: 'Input' | 'Output', index: number): { elementType: number; dims: number[] } {
    const api = this.#api
    const out = pointers(1)
    api[`SessionGet${side}TypeInfo`](this.#session, index, out)
    const typeInfo = out[0]!
    try {
      api.CastTypeInfoToTensorInfo(typeInfo, out)
      const info = out[0]!
      if (info === 0n) return { elementType: 0, dims: [] } // a sequence or a map, which no language model takes
      out[0] = 0n
      api.GetTensorElementType(info, out)
      const elementType = Number(out[0])
      api.GetDimensionsCount(info, out)
      const dims = new BigInt64Array(new ArrayBuffer(Number(out[0]) * 8))
      api.GetDimensions(info, dims, dims.length)
      return { elementType, dims: Array.from(dims, Number) }
    } finally {
      api.ReleaseTypeInfo(typeInfo)
    }
  }
}

/**
 * The only file that names the FFI: onnxruntime's C API as typed functions.
 * The API is a table of function pointers that only ever grows, so an index never changes its meaning.
 */
import koffi, { type LibraryHandle } from 'koffi'
import { EngineError } from '../errors.ts'
import { runtimeLibrary } from './library.ts'

/** The address of a native object; 0n and null are both "none". */
export type Pointer = bigint
/** Memory that native code may keep: never a small typed array, which V8 can move. */
export type Memory = ArrayBufferView<ArrayBufferLike>
/** Where a call leaves a pointer. */
export type Out = BigUint64Array

export const API_VERSION = 20
const RUNTIME_MAJOR = 1

/** index in OrtApi, what it returns, what it takes; 'status' is an OrtStatus* that `checked` turns into an error. */
const table = {
  CreateStatus: [0, 'void *', ['int', 'str']],
  GetErrorCode: [1, 'int', ['void *']],
  GetErrorMessage: [2, 'str', ['void *']],
  CreateEnv: [3, 'status', ['int', 'str', 'void *']],
  CreateSession: [7, 'status', ['void *', 'path', 'void *', 'void *']],
  Run: [9, 'status', ['void *', 'void *', 'void *', 'void *', 'size_t', 'void *', 'size_t', 'void *']],
  CreateSessionOptions: [10, 'status', ['void *']],
  SetSessionGraphOptimizationLevel: [23, 'status', ['void *', 'int']],
  SetIntraOpNumThreads: [24, 'status', ['void *', 'int']],
  SetInterOpNumThreads: [25, 'status', ['void *', 'int']],
  SessionGetInputCount: [30, 'status', ['void *', 'void *']],
  SessionGetOutputCount: [31, 'status', ['void *', 'void *']],
  SessionGetInputTypeInfo: [33, 'status', ['void *', 'size_t', 'void *']],
  SessionGetOutputTypeInfo: [34, 'status', ['void *', 'size_t', 'void *']],
  SessionGetInputName: [36, 'status', ['void *', 'size_t', 'void *', 'void *']],
  SessionGetOutputName: [37, 'status', ['void *', 'size_t', 'void *', 'void *']],
  CreateTensorWithDataAsOrtValue: [49, 'status', ['void *', 'void *', 'size_t', 'void *', 'size_t', 'int', 'void *']],
  CastTypeInfoToTensorInfo: [55, 'status', ['void *', 'void *']],
  GetTensorElementType: [60, 'status', ['void *', 'void *']],
  GetDimensionsCount: [61, 'status', ['void *', 'void *']],
  GetDimensions: [62, 'status', ['void *', 'void *', 'size_t']],
  CreateCpuMemoryInfo: [69, 'status', ['int', 'int', 'void *']],
  AllocatorFree: [76, 'status', ['void *', 'void *']],
  GetAllocatorWithDefaultOptions: [78, 'status', ['void *']],
  ReleaseEnv: [92, 'void', ['void *']],
  ReleaseStatus: [93, 'void', ['void *']],
  ReleaseMemoryInfo: [94, 'void', ['void *']],
  ReleaseSession: [95, 'void', ['void *']],
  ReleaseValue: [96, 'void', ['void *']],
  ReleaseTypeInfo: [98, 'void', ['void *']],
  ReleaseSessionOptions: [100, 'void', ['void *']]
} as const satisfies Record<string, readonly [number, string, readonly string[]]>

type Name = keyof typeof table
type Argument = Pointer | Memory | number | string | null
type Result<N extends Name> = (typeof table)[N][1] extends 'status' | 'void'
  ? undefined
  : (typeof table)[N][1] extends 'int'
    ? number
    : (typeof table)[N][1] extends 'str'
      ? string
      : Pointer

/** Every function throws EngineError RUNTIME_FAILED when the runtime returns a status, which it releases. */
export type OrtApi = { readonly [N in Name]: (...args: Argument[]) => Result<N> } & { readonly version: string }

// ORTCHAR_T is wchar_t on Windows and char elsewhere
const pathType = process.platform === 'win32' ? 'str16' : 'str'
const nativeType = (type: string) => (type === 'status' ? 'void *' : type === 'path' ? pathType : type)

let loaded: OrtApi | undefined
/** Held for as long as the process runs: when the handle is collected the library is unmapped under its own functions. */
let library: LibraryHandle | undefined

/**
 * Loads the library and checks that its table is the one this file describes.
 * @throws EngineError ENGINE_UNAVAILABLE
 */
export function ortApi(): OrtApi {
  loaded ??= load()
  return loaded
}

function load(): OrtApi {
  let base: unknown
  try {
    library = koffi.load(runtimeLibrary())
    base = library.func('OrtGetApiBase', 'void *', [])()
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw new EngineError({ code: 'ENGINE_UNAVAILABLE', reason: String(cause) }, { cause })
  }
  const [getApi, getVersion] = koffi.decode(base, 'void *', 2) as [Pointer, Pointer]
  const version = koffi.decode(getVersion, koffi.proto('str', []))() as string
  const [major, minor] = version.split('.').map(Number)
  const pointers = koffi.decode(getApi, koffi.proto('void *', ['uint32_t']))(API_VERSION) as Pointer | null
  // A runtime of another major version may have another table; an older minor has no table of this version.
  if (major !== RUNTIME_MAJOR || minor === undefined || minor < API_VERSION || !pointers) {
    const reason = `onnxruntime ${version} does not offer version ${API_VERSION} of its C API`
    throw new EngineError({ code: 'ENGINE_UNAVAILABLE', reason })
  }
  return bind(pointers, version)
}

function bind(pointers: Pointer, version: string): OrtApi {
  const length = 1 + Math.max(...Object.values(table).map(([index]) => index))
  const addresses = koffi.decode(pointers, 'void *', length) as Pointer[]
  const api: Record<string, unknown> = { version }
  for (const [name, [index, result, args]] of Object.entries(table)) {
    const call = koffi.decode(addresses[index], koffi.proto(nativeType(result), args.map(nativeType)))
    api[name] = result === 'status' ? checked(name, call, api as OrtApi) : call
  }
  return api as OrtApi
}

/** A status means failure: read it, release it, throw it. */
function checked(name: string, call: (...args: Argument[]) => Pointer | null, api: OrtApi): (...args: Argument[]) => void {
  return (...args) => {
    const status = call(...args)
    if (!status) return
    const detail = {
      code: 'RUNTIME_FAILED',
      call: name,
      status: api.GetErrorCode(status),
      reason: api.GetErrorMessage(status)
    } as const
    api.ReleaseStatus(status)
    throw new EngineError(detail)
  }
}

/** Memory for `count` pointers or sizes that stays where it is. */
export const pointers = (count: number): Out => new BigUint64Array(new ArrayBuffer(count * 8))

/** Reads a NUL-terminated UTF-8 string. */
export const readString = (at: Pointer): string => koffi.decode.string(at)

/** A NUL-terminated UTF-8 string for native code to keep, and its address. */
export function nativeString(text: string): { address: Pointer; memory: Uint8Array } {
  const bytes = new TextEncoder().encode(`${text}\0`)
  const memory = new Uint8Array(new ArrayBuffer(bytes.length))
  memory.set(bytes)
  return { address: koffi.address(memory), memory }
}

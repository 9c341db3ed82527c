import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { OPTIMISATION } from './ort/session.ts'

/** Instruction sets by which the runtime chooses its float kernels. */
const decisive = new Set([
  'sse4_1',
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx512f',
  'avx512bw',
  'avx512dq',
  'avx512vl',
  'avx512_vnni',
  'avx512_bf16',
  'avx_vnni',
  'amx_tile',
  'amx_bf16',
  'amx_int8',
  'asimd',
  'asimdhp',
  'asimddp',
  'i8mm',
  'bf16',
  'sve',
  'sve2',
  'sme'
])

/** What decides which kernels run here: the instruction sets where the system tells them, else the processor's name. */
export function kernelFamily(): string {
  if (platform() === 'linux') {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
    if (line)
      return `${arch()} ${line
        .split(' ')
        .filter((flag) => decisive.has(flag))
        .sort()
        .join(' ')}`
  }
  return `${arch()} ${cpus()[0]?.model ?? 'unknown'}`
}

/**
 * 32 bytes in hex. Two engines with equal values, given the same model and the same runs, compute the same bits.
 * @param runtime version of the runtime
 * @param dtype element type of the cache
 */
export function numericsOf(runtime: string, dtype: string, family: string = kernelFamily()): `0x${string}` {
  const parts = ['openseam numerics 1', `onnxruntime ${runtime}`, 'cpu', family, dtype, OPTIMISATION]
  return `0x${createHash('sha256').update(parts.join('\n')).digest('hex')}`
}

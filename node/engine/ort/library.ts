import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EngineError } from '../errors.ts'

const names: Partial<Record<NodeJS.Platform, RegExp>> = {
  linux: /^libonnxruntime\.so(\.\d+)*$/,
  darwin: /^libonnxruntime(\.\d+)*\.dylib$/,
  win32: /^onnxruntime\.dll$/
}

/**
 * Path of the shared library that onnxruntime-node carries for this machine.
 * @throws EngineError ENGINE_UNAVAILABLE when the package has none for this platform
 */
export function runtimeLibrary(): string {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6', process.platform, process.arch)
  const pattern = names[process.platform]
  const file = pattern && existsSync(folder) ? readdirSync(folder).find((name) => pattern.test(name)) : undefined
  if (!file) {
    const reason = `onnxruntime-node carries no library for ${process.platform} ${process.arch}`
    throw new EngineError({ code: 'ENGINE_UNAVAILABLE', reason })
  }
  return join(folder, file)
}

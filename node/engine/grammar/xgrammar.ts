/**
 * The one place that names the grammar library. Its package declares ES modules but ships a script for `require`, which Node takes
 * for neither, so it is read and run as the script it is.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction, constants } from 'node:vm'
import type * as library from '@mlc-ai/web-xgrammar'

export type Xgrammar = typeof library
export type { CompiledGrammar, GrammarCompiler, GrammarMatcher } from '@mlc-ai/web-xgrammar'

export const loadXgrammar = (): Xgrammar => {
  const require = createRequire(import.meta.url)
  const file = require.resolve('@mlc-ai/web-xgrammar')
  const run = compileFunction(readFileSync(file, 'utf8'), ['exports', 'module', 'require', '__filename'], {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER // it imports node:module
  })
  const module = { exports: {} }
  run(module.exports, module, require, file)
  return module.exports as Xgrammar
}

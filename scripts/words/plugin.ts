/** What makes the explorer's pages speak: macros become lookups of a message's hash, and each catalog a module of compiled messages. */
import { basename } from 'node:path'
import { transformAsync } from '@babel/core'
import macros from '@lingui/babel-plugin-lingui-macro'
import { createCompiledCatalog } from '@lingui/cli/api'
import type { Plugin } from 'vite'
import { SOURCE } from '../../node/explorer/web/languages.ts'
import { catalog, config } from './catalogs.ts'

const MACRO = /from '@lingui\/(core|react)\/macro'/

export const words = (): Plugin => ({
  name: 'words',
  enforce: 'pre',
  async transform(code, id) {
    // A word to servers, of which there is none here, and the bundler would complain of it.
    if (id.includes('@lingui/react')) return { code: code.replace(/^'use client';/, ''), map: null }
    if (!/\.tsx?$/.test(id) || !MACRO.test(code)) return null
    const made = await transformAsync(code, {
      filename: id,
      configFile: false,
      babelrc: false,
      sourceMaps: true,
      parserOpts: { plugins: ['typescript', 'jsx'] },
      plugins: [[macros, { linguiConfig: config, stripMessageField: true }]]
    })
    return made?.code ? { code: made.code, map: made.map } : null
  },
  async load(id) {
    if (!id.endsWith('.po')) return null
    this.addWatchFile(id)
    const locale = basename(id, '.po')
    const { messages } = await (await catalog()).getTranslations(locale, { sourceLocale: SOURCE, fallbackLocales: {} })
    const { source, errors } = createCompiledCatalog(locale, messages, { namespace: 'es', strict: false })
    if (errors.length > 0) throw new Error(`${locale}: ${errors.map(({ id, error }) => `${id}: ${error.message}`).join('; ')}`)
    return { code: source, moduleType: 'js' }
  }
})

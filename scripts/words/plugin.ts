/** What makes the explorer's pages speak: macros become lookups of a message's hash, and each catalog a module of compiled messages. */
import { basename } from 'node:path'
import { transformAsync } from '@babel/core'
import macros from '@lingui/babel-plugin-lingui-macro'
import { createCompiledCatalog } from '@lingui/cli/api'
import type { Plugin } from 'vite'
import { SOURCE } from '../../node/explorer/web/languages.ts'
import { catalog, config } from './catalogs.ts'

export const words = (): Plugin[] => [
  {
    name: 'words:macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: /from '@lingui\/(core|react)\/macro'/ },
      handler: async (code, id) => {
        const made = await transformAsync(code, {
          filename: id,
          configFile: false,
          babelrc: false,
          sourceMaps: true,
          parserOpts: { plugins: ['typescript', 'jsx'] },
          plugins: [[macros, { linguiConfig: config, stripMessageField: true }]]
        })
        return made?.code ? { code: made.code, map: made.map } : null
      }
    }
  },
  {
    name: 'words:no-servers',
    transform: {
      filter: { id: /@lingui\/react\// },
      // A word to servers, of which there is none here, and the bundler would complain of it.
      handler: (code) => ({ code: code.replace(/^'use client';/, ''), map: null })
    }
  },
  {
    name: 'words:catalogs',
    load: {
      filter: { id: /\.po$/ },
      async handler(id) {
        this.addWatchFile(id)
        const locale = basename(id, '.po')
        const { messages } = await (await catalog()).getTranslations(locale, { sourceLocale: SOURCE, fallbackLocales: {} })
        const { source, errors } = createCompiledCatalog(locale, messages, { namespace: 'es' })
        if (errors.length > 0)
          throw new Error(`${locale}: ${errors.map(({ id, error }) => `${id}: ${error.message}`).join('; ')}`)
        return { code: source, moduleType: 'js' }
      }
    }
  }
]

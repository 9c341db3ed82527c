/** Where the explorer's words are found and kept: one gettext catalog per language, its ids the English of the pages. */
import { join } from 'node:path'
import { getCatalogs } from '@lingui/cli/api'
import { type LinguiConfigNormalized, makeConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'
import { languages, SOURCE } from '../../node/explorer/web/languages.ts'

const root = join(import.meta.dirname, '../..')

export type Catalog = Awaited<ReturnType<typeof getCatalogs>>[number]

export const config: LinguiConfigNormalized = makeConfig(
  {
    rootDir: root,
    locales: Object.keys(languages),
    sourceLocale: SOURCE,
    catalogs: [{ path: '<rootDir>/node/explorer/web/words/{locale}', include: ['<rootDir>/node/explorer/web'] }],
    // Only what a translator reads: a moved line changes no catalog.
    format: formatter({ origins: false }),
    orderBy: 'message'
  },
  { skipValidation: true }
)

/** Of all languages. */
export const catalog = async (): Promise<Catalog> => (await getCatalogs(config))[0] as Catalog

/** Which language the pages speak: each is named in itself, so that who reads no other finds it. */
import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { choose, current } from './language.ts'
import { type Language, languages } from './languages.ts'

export const LanguageChoice = (): ReactNode => (
  <select
    className='language'
    aria-label={t`Language`}
    value={current()}
    onChange={({ target }) => choose(target.value as Language)}
  >
    {Object.entries(languages).map(([code, name]) => (
      <option key={code} value={code} lang={code}>
        {name}
      </option>
    ))}
  </select>
)

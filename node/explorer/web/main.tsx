/** Pages take their words when their code runs, so their code is fetched after the words. */
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startLanguage } from './language.ts'

const root = createRoot(document.getElementById('root') as HTMLElement)

try {
  await startLanguage()
  const { App } = await import('./app.tsx')
  root.render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <App />
      </I18nProvider>
    </StrictMode>
  )
} catch {
  // There are no words but these.
  root.render(
    <p className='notice bad' role='alert'>
      The explorer could not be fetched. Load the page again.
    </p>
  )
}

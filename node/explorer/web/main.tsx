/** Pages take their words when their code runs: it comes at the same time (scripts/preload.ts), and runs after them. */
import { startLanguage } from './language.ts'

const sayFailed = (): void => {
  const notice = document.createElement('p')
  notice.className = 'notice bad'
  notice.role = 'alert'
  notice.textContent = 'The explorer could not be fetched. Load the page again.' // there are no other words
  document.getElementById('root')?.replaceChildren(notice)
}

startLanguage()
  .then(() => import('./start.tsx'))
  .catch(sayFailed)

/** Pages take their words when their code runs: it comes at the same time (scripts/preload.ts), and what it will show with it. */
import { askEarly } from './early.ts'
import { startLanguage } from './language.ts'
import { asksOf, routeOf } from './paths.ts'

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
// Behind the words, which are asked for in a moment: a browser has few connections to a host.
setTimeout(() => askEarly(asksOf(routeOf(location.pathname))))

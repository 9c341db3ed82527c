/**
 * The language of the pages: chosen here before, or what the browser asks for. Its words are loaded before any page's code runs, and
 * choosing another loads the page anew: the address is all that a page keeps.
 */
import { i18n, type Messages } from '@lingui/core'
import { locale } from '../../web/locale.ts'
import { bestOf, type Language, languages, rightToLeft } from './languages.ts'

const KEY = 'openseam-language'

/** Each is a file of its own: the bundler makes one of every catalog that the path can mean. */
const wordsOf = (language: Language): Promise<{ messages: Messages }> => import(`./words/${language}.po`)

const chosen = (): string | undefined => {
  try {
    return localStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined // storage may be forbidden
  }
}

/** With the reader's own region, where the browser names one: it says how numbers and times are written. */
const withRegion = (language: Language): string =>
  navigator.languages.find((tag) => tag.startsWith(language) && bestOf([tag]) === language) ?? language

/** Throws where the words cannot be fetched. */
export const startLanguage = async (): Promise<void> => {
  const kept = chosen()
  const language = bestOf([...(kept === undefined ? [] : [kept]), ...navigator.languages])
  const { messages } = await wordsOf(language)
  document.documentElement.lang = withRegion(language)
  document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr'
  i18n.loadAndActivate({ locale: language, locales: [locale()], messages })
}

export const current = (): Language => i18n.locale as Language

/** Keeps the choice and loads the page again in that language. */
export const choose = (language: Language): void => {
  if (!Object.hasOwn(languages, language)) return
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // then it cannot be kept, and the browser's own wish stays
  }
  location.reload()
}

/**
 * The languages that the explorer's pages speak, each by its own name, in the alphabet's order of their codes (BCP 47). To add one: a line
 * here, one in `language.ts`, then `npm run words`, which makes its catalog (docs/pages.md).
 */
export const languages = {
  en: 'English',
  de: 'Deutsch'
} as const

export type Language = keyof typeof languages

/** What the pages are written in. */
export const SOURCE: Language = 'en'

/** Written from right to left. */
export const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur'])

/** The first of the wanted that there is, by the whole tag or else by its language and script alone. */
export const bestOf = (wanted: readonly string[]): Language => {
  for (const tag of wanted) {
    const found = languageOf(tag)
    if (found !== undefined) return found
  }
  return SOURCE
}

const isKnown = (code: string): code is Language => Object.hasOwn(languages, code)

/** `de-CH` is read as `de`, `zh-TW` as `zh-Hant`, `no` and `nn` as `nb`. */
const languageOf = (tag: string): Language | undefined => {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    const one = language === 'no' || language === 'nn' ? 'nb' : language
    return [`${one}-${script}`, one].find(isKnown)
  } catch {
    return undefined // whatever a browser was told to want
  }
}

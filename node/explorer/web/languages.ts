/**
 * The languages that the explorer's pages speak, each by its own name, in the order of their codes (BCP 47). To add one: a line here, then
 * `npm run words`, which makes its catalog (docs/pages.md).
 */
export const languages = {
  ar: 'العربية',
  cs: 'Čeština',
  da: 'Dansk',
  de: 'Deutsch',
  el: 'Ελληνικά',
  en: 'English',
  es: 'Español',
  fa: 'فارسی',
  fi: 'Suomi',
  fr: 'Français',
  he: 'עברית',
  hi: 'हिन्दी',
  hu: 'Magyar',
  id: 'Bahasa Indonesia',
  it: 'Italiano',
  ja: '日本語',
  ko: '한국어',
  nb: 'Norsk bokmål',
  nl: 'Nederlands',
  pl: 'Polski',
  pt: 'Português',
  ro: 'Română',
  ru: 'Русский',
  sv: 'Svenska',
  th: 'ไทย',
  tr: 'Türkçe',
  uk: 'Українська',
  vi: 'Tiếng Việt',
  'zh-Hans': '简体中文',
  'zh-Hant': '繁體中文'
} as const

export type Language = keyof typeof languages

/** What the pages are written in. */
export const SOURCE: Language = 'en'

/** Written from right to left. */
export const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he'] satisfies Language[])

/** The first of the wanted that there is, by language and script or by its language alone. */
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
  const [code = ''] = tag.split('-')
  if (isKnown(code)) return code // most are, and what is below takes a browser some milliseconds
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    const known = language === 'no' || language === 'nn' ? 'nb' : language
    return [`${known}-${script}`, known].find(isKnown)
  } catch {
    return undefined // whatever a browser was told to want
  }
}

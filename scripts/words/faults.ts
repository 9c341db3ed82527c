/** What is wrong with a translation, as far as a machine can tell: whether it says the same, only a reader of both languages knows. */
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import type { Catalog } from './catalogs.ts'

export type Messages = Awaited<ReturnType<Catalog['read']>>

type Compiled = ReturnType<typeof compileMessageOrThrow>
type Choices = Record<string, Compiled | number | undefined>

const COUNTED = 1_000 // plural forms that no number up to this has are left to the translator

/** One line for each fault, beginning with the message. */
export const faultsOf = (language: string, messages: Messages): string[] => {
  const forms = formsOf(language)
  return Object.values(messages).flatMap(({ message = '', translation }) =>
    faultsIn(message, translation, forms).map((fault) => `${JSON.stringify(message)}: ${fault}`)
  )
}

/** The plural forms that whole numbers have in a language (Unicode CLDR, as Intl knows it). */
const formsOf = (language: string): ReadonlySet<string> => {
  const rules = new Intl.PluralRules(language)
  return new Set(Array.from({ length: COUNTED }, (_, number) => rules.select(number)))
}

const faultsIn = (message: string, translation: string, forms: ReadonlySet<string>): string[] => {
  if (translation.trim() === '') return ['not translated']
  let said: Compiled
  try {
    said = compileMessageOrThrow(translation)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  const original = compileMessageOrThrow(message)
  const [allowed, found] = [partsOf(original), partsOf(said)]
  const missing = [...partsOf(original, ['other'])].filter((part) => !found.has(part)).map((part) => `${part} is missing`)
  const added = [...found].filter((part) => !allowed.has(part)).map((part) => `${part} is not in the original`)
  const unformed = pluralsOf(said).flatMap((choices) => [...forms].filter((form) => !(form in choices)))
  return [...missing, ...added, ...unformed.map((form) => `a plural has no form "${form}"`)]
}

const TAG = /<\/?\w+\/?>/g

/** Placeholders and tags, wherever they stand, or in some forms of plurals alone: not every language has all of them. */
const partsOf = (compiled: Compiled, forms?: readonly string[]): Set<string> =>
  new Set(
    compiled.flatMap((token) => {
      if (typeof token === 'string') return token.match(TAG) ?? []
      const [name, , choices] = token
      return [`{${name}}`, ...messagesIn(choices, forms).flatMap((part) => [...partsOf(part, forms)])].filter(
        (part) => part !== '{#}'
      )
    })
  )

const pluralsOf = (compiled: Compiled): Choices[] =>
  compiled.flatMap((token) => {
    if (typeof token === 'string') return []
    const [, type, choices] = token
    const inner = messagesIn(choices).flatMap(pluralsOf)
    return type === 'plural' ? [choices as Choices, ...inner] : inner
  })

const messagesIn = (choices: unknown, forms?: readonly string[]): Compiled[] =>
  typeof choices !== 'object' || choices === null
    ? []
    : Object.entries(choices as Choices)
        .filter(([form]) => forms === undefined || forms.includes(form))
        .map(([, part]) => part)
        .filter((part) => Array.isArray(part))

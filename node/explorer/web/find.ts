/** Pages that an id or a name leads to: the reader's own names first, then what is proven. */
import { getJson } from './api.ts'
import { type Labels, labelsLike } from './labels.ts'
import type { ProvenNames } from './names.tsx'
import { pageOf } from './route.ts'

const ID = /^0x[0-9a-f]{4,64}$/i
const NAME = /^(?!0x)[ -~]{2,64}$/i

/** Whether the explorer can have an answer to it. */
export const isSearched = (query: string): boolean => ID.test(query) || NAME.test(query)

/** What the reader calls things is sent nowhere, nor any part of it: where one of those names fits, the rest is found among what is here. */
export const find = async (query: string, labels: Labels, proven: ProvenNames): Promise<string[]> => {
  const own = labelsLike(labels, query).map(({ kind, id }) => `/${kind}/${id}`)
  const others = own.length > 0 && !ID.test(query) ? provenLike(proven, query) : await asked(query)
  return [...new Set([...own, ...others])]
}

const asked = async (query: string): Promise<string[]> => {
  if (!isSearched(query)) return []
  const { items } = await getJson<{ items: string[] }>(`/api/search?q=${encodeURIComponent(query)}`)
  return items.map(pageOf)
}

const ACCOUNT_LENGTH = 42

const provenLike = (proven: ProvenNames, query: string): string[] =>
  [...proven]
    .filter(([, { name }]) => name.toLowerCase().startsWith(query.toLowerCase()))
    .map(([id]) => `/${id.length === ACCOUNT_LENGTH ? 'account' : 'model'}/${id}`)

/** What the API knows by an id or a name, as pages. */
import { getJson } from './api.ts'
import { pageOf } from './route.ts'

const ID = /^0x[0-9a-f]{4,64}$/i
const NAME = /^(?!0x)[ -~]{2,64}$/i

/** Whether there can be an answer to it. */
export const isSearched = (query: string): boolean => ID.test(query) || NAME.test(query)

export const searchFor = async (query: string): Promise<string[]> => {
  if (!isSearched(query)) return []
  const { items } = await getJson<{ items: string[] }>(`/api/search?q=${encodeURIComponent(query)}`)
  return items.map(pageOf)
}

/** One of a few, kept in the address, so that who is sent a link sees the same. */
import type { ReactNode } from 'react'
import { useQuery } from './route.ts'

export type Options<Name extends string> = readonly (readonly [name: Name, words: string])[]

interface Chosen<Name extends string> {
  query: string
  options: Options<Name>
  name: Name
  choose(name: Name): void
}

/** `usual` is what an address means that says nothing, or nothing that is known here. */
export const useChoice = <Name extends string>(query: string, options: Options<Name>, usual: Name): Chosen<Name> => {
  const [said, say] = useQuery(query)
  const [name = usual] = options.find(([known]) => known === said) ?? []
  return { query, options, name, choose: (next) => say(next === usual ? null : next) }
}

export const Choice = <Name extends string>({ legend, of }: { legend: string; of: Chosen<Name> }): ReactNode => (
  <fieldset className='choice'>
    <legend className='hidden-label'>{legend}</legend>
    {of.options.map(([name, words]) => (
      <label key={name}>
        <input type='radio' name={of.query} value={name} checked={name === of.name} onChange={() => of.choose(name)} />
        {words}
      </label>
    ))}
  </fieldset>
)

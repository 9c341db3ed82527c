/** Names that are proven, for every page: models by their manifests, contracts by their places in the deployment. */

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { paths } from './paths.ts'
import { useLoad } from './use-load.ts'
import type { ModelName, Page, Summary } from './wire.ts'

interface Proven {
  name: string
  /** Another goes by it too: the id has to stand beside it. */
  shared: boolean
}

/** By id. */
export type ProvenNames = ReadonlyMap<string, Proven>

const NamesContext = createContext<ProvenNames>(new Map())

export const useProvenNames = (): ProvenNames => useContext(NamesContext)

/** By which they are searched, also at the server: the same in every language. */
const contractNames = { ledger: 'Ledger', registry: 'Registry', token: 'Token', models: 'Models', court: 'Court' } as const
const NO_CONTRACT = /^0x0{40}$/ // where the token is the chain's own coin

const namesOf = (summary: Summary | undefined, models: readonly ModelName[]): [id: string, Proven][] => {
  const contracts = Object.entries(contractNames).map(([contract, name]): [string | null, Proven] => [
    summary?.contracts[contract as keyof typeof contractNames] ?? null,
    { name, shared: false }
  ])
  return [
    ...models.map(({ modelId, name, shared }): [string, Proven] => [modelId, { name, shared }]),
    ...contracts.filter((one): one is [string, Proven] => one[0] !== null && !NO_CONTRACT.test(one[0]))
  ]
}

export const NamesProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const summary = useLoad<Summary>(paths.summary)
  const models = useLoad<Page<ModelName>>(paths.names)
  // Read again at every pulse, and seldom another: as long as it is the same, nothing that shows a name is drawn anew.
  const known = JSON.stringify(
    namesOf(summary.phase === 'ready' ? summary.value : undefined, models.phase === 'ready' ? models.value.items : [])
  )
  const names = useMemo(() => new Map(JSON.parse(known) as [string, Proven][]), [known])
  return <NamesContext value={names}>{children}</NamesContext>
}

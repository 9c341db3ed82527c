/** Names that are proven, for every page: models by their manifests, contracts by their places in the deployment. */
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useLoad } from './use-load.ts'
import type { ModelName, Page, Summary } from './wire.ts'

interface Proven {
  name: string
  /** Another goes by it too: the id has to stand beside it. */
  shared: boolean
}

const NamesContext = createContext<ReadonlyMap<string, Proven>>(new Map())

/** By id. */
export const useProvenNames = (): ReadonlyMap<string, Proven> => useContext(NamesContext)

const contractNames = { ledger: 'Ledger', registry: 'Registry', token: 'Token', models: 'Models', court: 'Court' } as const
const NO_CONTRACT = /^0x0{40}$/ // where the token is the chain's own coin

export const NamesProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const summary = useLoad<Summary>('/api/summary')
  const models = useLoad<Page<ModelName>>('/api/names?limit=200')
  const names = useMemo(() => {
    const all = new Map<string, Proven>()
    if (models.phase === 'ready') for (const { modelId, name, shared } of models.value.items) all.set(modelId, { name, shared })
    if (summary.phase !== 'ready') return all
    const { contracts } = summary.value
    for (const [contract, name] of Object.entries(contractNames)) {
      const address = contracts[contract as keyof typeof contractNames]
      if (address !== null && !NO_CONTRACT.test(address)) all.set(address, { name, shared: false })
    }
    return all
  }, [summary, models])
  return <NamesContext value={names}>{children}</NamesContext>
}

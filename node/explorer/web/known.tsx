/** What every page knows of whom it names: colours of providers, and proven names. */
import type { ReactNode } from 'react'
import { HuesProvider } from './hues.tsx'
import { NamesProvider } from './names.tsx'

export const KnownProvider = ({ children }: { children: ReactNode }): ReactNode => (
  <HuesProvider>
    <NamesProvider>{children}</NamesProvider>
  </HuesProvider>
)

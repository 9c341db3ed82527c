/** What the gateway sends, by the very types that it is made of. */
import type { Place, SwitchView } from 'openseam/openai/pieces'
import type { modelView, sessionView, TurnView } from 'openseam/openai/view'
import type { DevnetAction, DevnetProvider } from '../playground.ts'

export type { DevnetAction, DevnetProvider, Place, SwitchView, TurnView }
export type Leg = TurnView['legs'][number]
export type SessionView = ReturnType<typeof sessionView>

export type Model = ReturnType<typeof modelView>

export interface Playground {
  /** Where proofs are shown. */
  explorer: string | null
  devnet: { providers: DevnetProvider[] } | null
}

/** Why a provider was not chosen. */
export interface Exclusion {
  provider: string
  code: string
  detail: string
}

export interface Message {
  role: 'user' | 'assistant'
  content: string
}

export interface Chunk {
  choices?: { delta: { content?: string | null }; finish_reason: string | null }[]
  openseam?: Place | TurnView
  error?: { code?: string; message?: string; excluded?: Exclusion[] }
}

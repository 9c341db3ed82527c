/** What is said of the two balances that the ledger keeps for an account. */
import { t } from '@lingui/core/macro'
import type { Options } from './choice.tsx'

export type Side = 'escrow' | 'claimable'
export type Step = 'change' | 'hour' | 'day'

interface About {
  of: 'accounts' | 'providers'
  title: string
  /** Of the table, for who cannot see it. */
  label: string
  captions: Record<Step, string>
}

export const sides: Record<Side, About> = {
  escrow: {
    of: 'accounts',
    title: t`Escrow over time`,
    label: t({ message: 'escrow', comment: 'what a table is of: how much of a client was held in escrow, over time' }),
    captions: {
      change: t`Deposited, less what was withdrawn and spent; a dot is a change.`,
      hour: t`Deposited, less what was withdrawn and spent; a dot is the last of an hour.`,
      day: t`Deposited, less what was withdrawn and spent; a dot is the last of a day, UTC.`
    }
  },
  claimable: {
    of: 'providers',
    title: t`To claim over time`,
    label: t({ message: 'claimable', comment: 'what a table is of: how much a provider could claim, over time' }),
    captions: {
      change: t`Earned, less what was claimed; slashes are taken from the stake; a dot is a change.`,
      hour: t`Earned, less what was claimed; slashes are taken from the stake; a dot is the last of an hour.`,
      day: t`Earned, less what was claimed; slashes are taken from the stake; a dot is the last of a day, UTC.`
    }
  }
}

export const steps: Options<Step> = [
  ['change', t`Every change`],
  ['hour', t`By hour`],
  ['day', t`By day`]
]

/** What is known of a chain before anyone asks it: its $OPEN, its coin, and how long it can keep a transaction out. */
import type { DeployOptions } from '../../sdk/chain/index.ts'
import { SeamError } from '../../sdk/protocol/errors.ts'
import { type Address, parseAddress, ZERO_ADDRESS } from '../../sdk/protocol/eth.ts'

export interface ChainSettings {
  name: string
  /** What gas is paid in. */
  coin: string
  /** Its $OPEN; `new` makes a worthless twin; null: the operator has to say. */
  currency: 'native' | 'new' | Address | null
}

// The token on Ethereum and its omnichain twin on BNB Smart Chain have one address.
const OPEN_TOKEN: Address = '0xa227cc36938f0c9e09ce0e64dfab226cad739447'

const known: Record<number, ChainSettings> = {
  1: { name: 'Ethereum', coin: 'ETH', currency: OPEN_TOKEN },
  56: { name: 'BNB Smart Chain', coin: 'BNB', currency: OPEN_TOKEN },
  1612: { name: 'OpenLedger', coin: 'OPEN', currency: 'native' },
  161201: { name: 'OpenLedger testnet', coin: 'OPEN', currency: 'native' },
  31337: { name: 'a devnet', coin: 'coins', currency: 'new' }
}

export const settingsOf = (chainId: number): ChainSettings =>
  known[chainId] ?? { name: 'unknown to this build', coin: 'coins', currency: null }

/** `DeployOptions.token` for what the operator asked for, or for what the chain is known to have. */
export const tokenOf = (settings: ChainSettings, wanted: string | undefined): DeployOptions['token'] => {
  const currency = wanted ?? settings.currency
  if (currency === null)
    throw new SeamError('CONFIG', 'this chain is unknown: say --currency native, or the address of its $OPEN, or new for a test')
  if (currency === 'native') return ZERO_ADDRESS
  if (currency !== 'new') return parseAddress(currency)
  if (settings.currency !== 'new' && settings.currency !== null)
    throw new SeamError('CONFIG', `${settings.name} has an $OPEN of its own: a new token there would be worth nothing`)
  return undefined
}

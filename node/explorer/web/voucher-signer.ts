/** Whose key signed a voucher, recovered in this browser with the code of every node. */
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { recoverTyped } from 'openseam/protocol/typed-data'
import type { Summary } from './wire.ts'

export type Chain = Pick<Summary, 'chainId' | 'contracts'>

interface SignedFor {
  client: string
  provider: string
  modelId: string
  /** The total, in wei. */
  cumulative: string
  units: number
  workRoot: string
}

/** `signature` gives r, s and v, and may throw. Null where nobody can have signed this. */
export const signerOf = ({ chainId, contracts }: Chain, of: SignedFor, signature: () => Uint8Array): string | null => {
  const domain = { chainId, ledger: contracts.ledger as Address }
  try {
    const voucher = {
      client: of.client as Address,
      provider: of.provider as Address,
      modelId: of.modelId as Bytes32,
      cumulative: BigInt(of.cumulative),
      units: of.units,
      workRoot: of.workRoot as Bytes32
    }
    return recoverTyped(domain, 'Voucher', voucher, signature())
  } catch {
    return null
  }
}

/** Whose keys signed vouchers, recovered in this browser. */
import { type Address, type Bytes32, fullSignature } from 'openseam/protocol/eth'
import { recoverTyped } from 'openseam/protocol/typed-data'
import { useEffect, useState } from 'react'
import type { Summary, Voucher } from './wire.ts'

const AT_ONCE = 8 // each takes some milliseconds: between these the page can be used

type Chain = Pick<Summary, 'chainId' | 'contracts'>

/** Null for a signature that is none. */
export const signerOf = ({ chainId, contracts }: Chain, provider: string, voucher: Voucher): string | null => {
  const { client, modelId, cumulative, units, workRoot, signature } = voucher
  const words = /^0x([0-9a-f]{64})([0-9a-f]{64})$/.exec(signature)
  if (words === null) return null
  const domain = { chainId, ledger: contracts.ledger as Address }
  try {
    const value = {
      client: client as Address,
      provider: provider as Address,
      modelId: modelId as Bytes32,
      cumulative: BigInt(cumulative),
      units,
      workRoot: workRoot as Bytes32
    }
    return recoverTyped(domain, 'Voucher', value, fullSignature(`0x${words[1]}`, `0x${words[2]}`))
  } catch {
    return null // a value that nobody can sign
  }
}

/** By the place of each voucher; undefined while it is not known. */
export const useSigners = (chain: Chain | undefined, provider: string, vouchers: readonly Voucher[]): (string | null)[] => {
  const [signers, setSigners] = useState<(string | null)[]>([])
  useEffect(() => {
    if (chain === undefined) return
    let timer: ReturnType<typeof setTimeout>
    const next = (known: (string | null)[]): void => {
      const more = vouchers.slice(known.length, known.length + AT_ONCE).map((voucher) => signerOf(chain, provider, voucher))
      if (more.length === 0) return
      const all = [...known, ...more]
      setSigners(all)
      timer = setTimeout(next, 0, all)
    }
    timer = setTimeout(next, 0, [])
    return () => clearTimeout(timer)
  }, [chain, provider, vouchers])
  return signers
}

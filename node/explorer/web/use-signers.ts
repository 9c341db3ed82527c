/** Whose keys signed vouchers, recovered in this browser. */
import { fullSignature } from 'openseam/protocol/eth'
import { useEffect, useState } from 'react'
import { type Chain, signerOf } from './voucher-signer.ts'
import type { Voucher } from './wire.ts'

const AT_ONCE = 8 // each takes some milliseconds: between these the page can be used

/** From the two words of calldata. */
const signatureOf = (signature: string): Uint8Array => {
  const words = /^0x([0-9a-f]{64})([0-9a-f]{64})$/.exec(signature)
  if (words === null) throw new Error('no compact signature')
  return fullSignature(`0x${words[1]}`, `0x${words[2]}`)
}

/** By the place of each voucher; undefined while it is not known. */
export const useSigners = (chain: Chain | undefined, provider: string, vouchers: readonly Voucher[]): (string | null)[] => {
  const [signers, setSigners] = useState<(string | null)[]>([])
  useEffect(() => {
    if (chain === undefined) return
    let timer: ReturnType<typeof setTimeout>
    const next = (known: (string | null)[]): void => {
      const more = vouchers
        .slice(known.length, known.length + AT_ONCE)
        .map((voucher) => signerOf(chain, { ...voucher, provider }, () => signatureOf(voucher.signature)))
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

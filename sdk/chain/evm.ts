/** What the contracts ask of a chain's virtual machine, tried by calls that deploy nothing: a chain without it says so before money moves. */
import { SeamError } from '../protocol/errors.ts'
import type { Hex } from '../protocol/eth.ts'
import type { Rpc } from './rpc.ts'

interface Feature {
  name: string
  /** Creation code. */
  code: Hex
  /** What it returns as the code to be. */
  gives: Hex
}

const ONE: Hex = `0x${'1'.padStart(64, '0')}`

export const EVM_FEATURES: readonly Feature[] = [
  { name: 'PUSH0 (EIP-3855)', code: '0x5f5ff3', gives: '0x' },
  // mstore(32, 1) mcopy(0, 32, 32) return(0, 32)
  { name: 'MCOPY (EIP-5656)', code: '0x60016020526020602060005e60206000f3', gives: ONE },
  // tstore(0, 1) mstore(0, tload(0)) return(0, 32): a chain that takes the words and forgets the value would leave no guard standing
  { name: 'transient storage (EIP-1153)', code: '0x600160005d60005c60005260206000f3', gives: ONE }
]

/** The names of what the chain lacks. Throws CHAIN_DOWN or CHAIN_TIMEOUT when it cannot be asked. */
export const missingEvm = async (rpc: Rpc): Promise<string[]> => {
  const missing: string[] = []
  for (const { name, code, gives } of EVM_FEATURES) if ((await run(rpc, code)) !== gives) missing.push(name)
  return missing
}

/** Throws CONFIG naming what is missing. */
export const requireEvm = async (rpc: Rpc): Promise<void> => {
  const missing = await missingEvm(rpc)
  if (missing.length === 0) return
  const chainId = await rpc.chainId()
  throw new SeamError('CONFIG', `chain ${chainId} lacks ${missing.join(', ')}: the contracts need an EVM of Cancun or later`, {
    detail: { chainId, missing }
  })
}

const run = async (rpc: Rpc, data: Hex): Promise<string | null> => {
  try {
    return String(await rpc.send('eth_call', [{ data }, 'latest']))
  } catch (error) {
    // An unknown instruction: some nodes call it a refusal, some an internal fault. One that is down is down for its chain id too.
    await rpc.chainId()
    if (error instanceof SeamError && error.code !== 'CHAIN_TIMEOUT') return null
    throw error
  }
}

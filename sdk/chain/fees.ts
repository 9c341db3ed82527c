/** What a transaction offers for its gas: by the chain's own word at first, and more each time it has to outbid an earlier offer. */
import { quantity, type Rpc } from './rpc.ts'

export type Fees = { type: 2; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } | { type: 0; gasPrice: bigint }

const TIP_FALLBACK = 1_000_000n // wei a gas: an OP-stack chain's usual tip, where the node knows no better
const RAISE = { by: 5n, of: 4n } // nodes replace a transaction for a tenth more; some ask for an eighth
const FACTOR_MAX = 10n

/** Twice the base fee survives six full blocks; chains without one get the old kind of transaction. */
export const marketFees = async (rpc: Rpc): Promise<Fees> => {
  const [block, tip] = await Promise.all([
    rpc.send('eth_getBlockByNumber', ['latest', false]) as Promise<{ baseFeePerGas?: string } | null>,
    rpc.send('eth_maxPriorityFeePerGas').catch(() => null)
  ])
  if (block?.baseFeePerGas === undefined) {
    return { type: 0, gasPrice: quantity(await rpc.send('eth_gasPrice'), 'eth_gasPrice') }
  }
  const maxPriorityFeePerGas = tip === null ? TIP_FALLBACK : quantity(tip, 'eth_maxPriorityFeePerGas')
  return { type: 2, maxFeePerGas: 2n * quantity(block.baseFeePerGas, 'baseFee') + maxPriorityFeePerGas, maxPriorityFeePerGas }
}

/**
 * A quarter more than was offered, and no less than the market asks now: a node wants both parts of a fee to rise. Null where that would pass
 * ten times the market: a chain that stands still is not moved by money.
 */
export const outbid = (offered: Fees, market: Fees): Fees | null => {
  const [now, asks] = [partsOf(offered), partsOf(market)]
  const maxFee = larger(raise(now.maxFee), asks.maxFee)
  const tip = larger(raise(now.tip), asks.tip)
  if (maxFee > FACTOR_MAX * asks.maxFee || tip > FACTOR_MAX * larger(asks.tip, TIP_FALLBACK)) return null
  return offered.type === 0 ? { type: 0, gasPrice: maxFee } : { type: 2, maxFeePerGas: maxFee, maxPriorityFeePerGas: tip }
}

const partsOf = (fees: Fees): { maxFee: bigint; tip: bigint } =>
  fees.type === 0 ? { maxFee: fees.gasPrice, tip: 0n } : { maxFee: fees.maxFeePerGas, tip: fees.maxPriorityFeePerGas }
const raise = (wei: bigint): bigint => (wei * RAISE.by) / RAISE.of + 1n
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

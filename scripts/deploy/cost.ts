/** What a deployment costs its sender: gas at the price of the day, and on an OP-stack chain its data on the chain below. */
import { encodeAbi } from '../../sdk/chain/abi.ts'
import { marketFees } from '../../sdk/chain/fees.ts'
import { DEPLOY_GAS, type Rpc } from '../../sdk/chain/index.ts'
import { quantity } from '../../sdk/chain/rpc.ts'
import { bytesToHex, type Hex } from '../../sdk/protocol/eth.ts'
import type { RehearsedStep } from './rehearse.ts'

export interface Cost {
  gas: number
  /** Wei a gas that is offered at first; the sender goes up to ten times the market where a transaction stands still. */
  offer: bigint
  /** At that offer, data included. */
  wei: bigint
  dataWei: bigint
  /** Must be in the account: a node takes a transaction only if its whole gas limit could be paid. */
  neededWei: bigint
}

const ORACLE: Hex = '0x420000000000000000000000000000000000000f' // GasPriceOracle, on every OP-stack chain
const GET_L1_FEE = '0x49948e0e' // getL1Fee(bytes)

export const costOf = async (rpc: Rpc, steps: readonly RehearsedStep[]): Promise<Cost> => {
  const fees = await marketFees(rpc)
  const offer = fees.type === 0 ? fees.gasPrice : fees.maxFeePerGas
  const gas = steps.reduce((sum, step) => sum + step.gas, 0)
  const dataWei = await dataFee(rpc, steps)
  const wei = offer * BigInt(gas) + dataWei
  return { gas, offer, wei, dataWei, neededWei: wei + offer * BigInt(steps.length === 0 ? 0 : DEPLOY_GAS) }
}

const dataFee = async (rpc: Rpc, steps: readonly RehearsedStep[]): Promise<bigint> => {
  if ((await rpc.code(ORACLE)) === '0x') return 0n
  let sum = 0n
  for (const { data } of steps) {
    const asked = bytesToHex(encodeAbi(['bytes'], [data])).slice(2)
    sum += quantity(await rpc.call({ to: ORACLE, data: `${GET_L1_FEE}${asked}` as Hex }), 'getL1Fee')
  }
  return sum
}

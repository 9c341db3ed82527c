/** What a deployment will be, found by doing it on a chain of our own: its gas, and every byte of its code, immutables included. */
import { startChain } from '../../node/devnet/chain.ts'
import { type DeployOptions, type DeployStep, deploy, planDeploy, Rpc, Sender, type TxSigner } from '../../sdk/chain/index.ts'
import type { Address, Hex } from '../../sdk/protocol/eth.ts'

export interface RehearsedStep extends DeployStep {
  gas: number
  code: Hex
}

const COINS = `0x${(10n ** 24n).toString(16)}`

export const rehearse = async (
  from: Address,
  nonce: number,
  chainId: number,
  options: DeployOptions
): Promise<RehearsedStep[]> => {
  const chain = await startChain(0, chainId)
  try {
    const rpc = new Rpc(chain.rpc)
    await rpc.send('hardhat_impersonateAccount', [from])
    await rpc.send('hardhat_setBalance', [from, COINS])
    if (nonce > 0) await rpc.send('hardhat_setNonce', [from, `0x${nonce.toString(16)}`])
    const signer: TxSigner = {
      address: from,
      submit: async ({ data, gasLimit }) =>
        (await rpc.send('eth_sendTransaction', [{ from, data, gas: `0x${gasLimit.toString(16)}` }])) as Hex
    }
    const gas = new Map<string, number>()
    await deploy(new Sender(rpc, signer), options, {
      read: () => Promise.resolve(null),
      begin: () => Promise.resolve(),
      placed: async ({ name }, receipt) => void gas.set(name, receipt?.gasUsed ?? 0)
    })
    const { steps } = planDeploy(from, nonce, chainId, options)
    return await Promise.all(
      steps.map(async (step) => ({ ...step, gas: gas.get(step.name) ?? 0, code: await rpc.code(step.address) }))
    )
  } finally {
    await chain.close()
  }
}

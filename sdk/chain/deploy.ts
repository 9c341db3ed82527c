/** A deployment: how the contracts get to a chain, and whether what stands there is them. */
import { SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256 } from '../protocol/eth.ts'
import type { TypedDomain } from '../protocol/typed-data.ts'
import { committeeAbi, courtAbi, ledgerAbi, modelsAbi, registryAbi, view } from './abi.ts'
import { type Artifact, Committee, Court, Ledger, Models, Registry } from './artifacts.ts'
import { type Deployment, type DeployOptions, planDeploy } from './deploy-plan.ts'
import { requireEvm } from './evm.ts'
import { quantity, type Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'

export * from './deploy-plan.ts'

export const DEPLOY_GAS = 6_000_000

export const nextNonce = async (rpc: Rpc, account: Address): Promise<number> =>
  Number(quantity(await rpc.send('eth_getTransactionCount', [account, 'pending']), 'nonce'))

/** All at once, for a devnet and tests; `scripts/deploy` does the same with a journal. The account must send nothing else meanwhile. */
export const deploy = async (sender: Sender, options: DeployOptions = {}): Promise<Deployment> => {
  const { rpc, address } = sender
  await requireEvm(rpc)
  const { steps, deployment } = planDeploy(address, await nextNonce(rpc, address), await rpc.chainId(), options)
  let block = 0
  for (const step of steps) {
    const receipt = await sender.send({ to: null, data: step.data, gasLimit: DEPLOY_GAS, what: step.what })
    if (receipt.contractAddress !== step.address) {
      throw new SeamError('CONFIG', `${step.what}: the deployer sent something else meanwhile; start again`)
    }
    if (step.name === 'ledger') block = receipt.blockNumber
  }
  return { ...deployment, block }
}

export const domainOf = ({ chainId, ledger }: Deployment): TypedDomain => ({ chainId, ledger })

/** Refuses a chain or a contract that is not the one this build speaks to: money goes nowhere unchecked. */
export const verifyDeployment = async (rpc: Rpc, deployment: Deployment): Promise<void> => {
  const chainId = await rpc.chainId()
  if (chainId !== deployment.chainId) {
    throw new SeamError(
      'CONFIG',
      `${rpc.url} is chain ${chainId}, the deployment is on ${deployment.chainId}: use that chain's RPC`
    )
  }
  const { ledger, registry, models, court, committee } = deployment
  const expected: [string, Address | null | undefined, Artifact][] = [
    ['ledger', ledger, Ledger],
    ['registry', registry, Registry],
    ['models', models, Models],
    ['court', court, Court],
    ['committee', committee, Committee]
  ]
  for (const [name, address, artifact] of expected) {
    if (address && !isRuntime(await rpc.code(address), artifact)) {
      throw new SeamError(
        'CONFIG',
        `the ${name} at ${address} has other code than this version expects: check the deployment file`
      )
    }
  }
  // The right code with the wrong partners would be as bad: each of these was fixed at deployment.
  const links: [string, Address, Parameters<typeof view>[1], string, Address][] = [
    ['registry', registry, registryAbi, 'ledger', ledger],
    ['ledger', ledger, ledgerAbi, 'registry', registry],
    ['models', models, modelsAbi, 'ledger', ledger],
    ['ledger', ledger, ledgerAbi, 'models', models]
  ]
  if (court) links.push(['registry', registry, registryAbi, 'court', court], ['court', court, courtAbi, 'registry', registry])
  if (court && committee) links.push(['committee', committee, committeeAbi, 'court', court])
  for (const [name, address, abi, field, partner] of links) {
    const [found] = await view(rpc, abi, address, field)
    if (found !== partner) {
      throw new SeamError('CONFIG', `the ${name} at ${address} belongs to the ${field} ${String(found)}, not to ${partner}`)
    }
  }
}

/** Whether this is the artifact's code, whatever its immutables hold. */
export const isRuntime = (hex: Hex, artifact: Artifact): boolean => {
  const code = hexToBytes(hex)
  if (code.length !== artifact.runtimeBytes) return false
  const blank = code.slice()
  for (const start of artifact.immutables) blank.fill(0, start, start + 32)
  return bytesToHex(keccak256(blank)) === artifact.runtimeHash
}

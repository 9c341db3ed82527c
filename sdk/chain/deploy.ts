/** A deployment: where the contracts are, how they get there, and whether what stands there is them. */
import { getCreateAddress } from 'ethers'
import { SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, hexToBytes, keccak256, ZERO_ADDRESS } from '../protocol/eth.ts'
import type { TypedDomain } from '../protocol/typed-data.ts'
import { encodeDeploy, ledgerAbi, registryAbi, tokenAbi } from './abi.ts'
import { type Artifact, Ledger, OpenToken, Registry } from './artifacts.ts'
import { quantity, type Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'

export interface Deployment {
  chainId: number
  /** The zero address where $OPEN is the chain's own coin. */
  token: Address
  ledger: Address
  registry: Address
  models: Address | null
  court: Address | null
  /** The block of the ledger: where reading events starts. */
  block: number
}

export interface DeployOptions {
  /** An ERC-20 that exists, the zero address for the chain's own coin, or a new OpenToken held by the deployer (default). */
  token?: Address
  minStake?: bigint
  /** Seconds; longer than the chain's censorship window. */
  exitDelay?: number
  unbondDelay?: number
  evidenceAge?: number
  court?: Address | null
}

const DAY = 86_400
const DEPLOY_GAS = 6_000_000

export const deployDefaults = {
  minStake: 1_000n * 10n ** 18n,
  exitDelay: DAY, // OP-stack; 2 days where force-inclusion takes one
  unbondDelay: 14 * DAY,
  evidenceAge: 7 * DAY
}

export const deploy = async (sender: Sender, options: DeployOptions = {}): Promise<Deployment> => {
  const chosen = { ...deployDefaults, court: null, ...options }
  const create = async (what: string, data: `0x${string}`): Promise<{ address: Address; block: number }> => {
    const { contractAddress, blockNumber } = await sender.send({ to: null, data, gasLimit: DEPLOY_GAS, what })
    return { address: contractAddress as Address, block: blockNumber }
  }
  const token =
    chosen.token ?? (await create('deploying OpenToken', encodeDeploy(OpenToken.bytecode, tokenAbi, [sender.address]))).address
  // Registry and ledger name each other: the ledger's address is the deployer's next but one. Its constructor checks.
  const nonce = Number(quantity(await sender.rpc.send('eth_getTransactionCount', [sender.address, 'pending']), 'nonce'))
  const predicted = getCreateAddress({ from: sender.address, nonce: nonce + 1 }).toLowerCase() as Address
  const { court, minStake, unbondDelay, evidenceAge, exitDelay } = chosen
  const registryArgs = [token, predicted, court ?? ZERO_ADDRESS, minStake, unbondDelay, evidenceAge]
  const registry = await create('deploying Registry', encodeDeploy(Registry.bytecode, registryAbi, registryArgs))
  const ledger = await create('deploying Ledger', encodeDeploy(Ledger.bytecode, ledgerAbi, [token, registry.address, exitDelay]))
  const chainId = await sender.rpc.chainId()
  return { chainId, token, ledger: ledger.address, registry: registry.address, models: null, court, block: ledger.block }
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
  const expected: [string, Address, Artifact][] = [
    ['ledger', deployment.ledger, Ledger],
    ['registry', deployment.registry, Registry]
  ]
  for (const [name, address, artifact] of expected) {
    if (!isRuntime(hexToBytes(await rpc.code(address)), artifact)) {
      throw new SeamError(
        'CONFIG',
        `the ${name} at ${address} has other code than this version expects: check the deployment file`
      )
    }
  }
}

const isRuntime = (code: Uint8Array, artifact: Artifact): boolean => {
  if (code.length !== artifact.runtimeBytes) return false
  const blank = code.slice()
  for (const start of artifact.immutables) blank.fill(0, start, start + 32)
  return bytesToHex(keccak256(blank)) === artifact.runtimeHash
}

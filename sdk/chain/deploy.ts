/** A deployment: how the contracts get to a chain, and whether what stands there is them. */
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Bytes32, bytesToHex, type Hex, hexToBytes, keccak256 } from '../protocol/eth.ts'
import type { TypedDomain } from '../protocol/typed-data.ts'
import { committeeAbi, courtAbi, ledgerAbi, modelsAbi, registryAbi, view } from './abi.ts'
import { type Artifact, Committee, Court, Ledger, Models, Registry } from './artifacts.ts'
import { type Deployment, type DeployOptions, type DeployStep, planDeploy } from './deploy-plan.ts'
import { requireEvm } from './evm.ts'
import { quantity, type Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'
import type { TxReceipt } from './tx.ts'

export * from './deploy-plan.ts'

export const DEPLOY_GAS = 6_000_000

export const nextNonce = async (rpc: Rpc, account: Address): Promise<number> =>
  Number(quantity(await rpc.send('eth_getTransactionCount', [account, 'pending']), 'nonce'))

/** Noted before the first transaction. The rest of a deployment's state is the chain itself: each step has its nonce and its address. */
export interface DeployStart {
  chainId: number
  from: Address
  /** Of the first step. */
  nonce: number
  /** The newest block before it. */
  block: number
  /** Hash of every step. */
  plan: Bytes32
}

/** What outlives a run, so that one that was killed goes on where it stopped. Everything is durable once it returns. */
export interface DeployJournal {
  read(): Promise<DeployStart | null>
  /** Refuses to replace what another run began. */
  begin(start: DeployStart): Promise<void>
  /** The contract stands. `receipt` is null when an earlier run sent it and did not live to see it. */
  placed(step: DeployStep, receipt: TxReceipt | null): Promise<void>
}

const forgetful: DeployJournal = {
  read: () => Promise.resolve(null),
  begin: () => Promise.resolve(),
  placed: () => Promise.resolve()
}

/** Sends what is not there yet. The account must send nothing else meanwhile; where it did, this throws CONFIG and the places are lost. */
export const deploy = async (sender: Sender, options: DeployOptions = {}, journal = forgetful): Promise<Deployment> => {
  const { rpc, address: from } = sender
  await requireEvm(rpc)
  const chainId = await rpc.chainId()
  const begun = await journal.read()
  const nonce = begun?.nonce ?? (await nextNonce(rpc, from))
  const { steps, deployment } = planDeploy(from, nonce, chainId, options)
  const start = begun ?? { chainId, from, nonce, block: await rpc.blockNumber(), plan: planHash(steps) }
  if (begun === null) await journal.begin(start)
  else if (begun.chainId !== chainId || begun.from !== from || begun.plan !== planHash(steps))
    throw new SeamError('CONFIG', 'a deployment of another plan was begun here: end it with the same account, build and terms')
  let { block } = start
  for (const step of steps) {
    const receipt = begun !== null && (await stands(rpc, step)) ? null : await place(sender, step)
    if (step.name === 'ledger' && receipt !== null) block = receipt.blockNumber
    await journal.placed(step, receipt)
  }
  return { ...deployment, block }
}

/** Null: what an earlier run had sent landed while we tried the same. */
const place = async (sender: Sender, step: DeployStep): Promise<TxReceipt | null> => {
  const { nonce, data, what } = step
  const receipt = await sender.send({ to: null, data, gasLimit: DEPLOY_GAS, nonce, what }).catch(async (error: unknown) => {
    if (await stands(sender.rpc, step)) return null
    throw error instanceof SeamError && error.code === 'CONFIG' ? placeLost(error.message) : error
  })
  if (receipt === null || receipt.contractAddress === step.address) return receipt
  throw placeLost(`${what}: the deployer sent something else meanwhile`)
}

const placeLost = (why: string): SeamError =>
  new SeamError('CONFIG', `${why}; the addresses of this deployment cannot be had any more: begin a new one`)

/** Only this account's transaction of this number can have put code there. */
const stands = async (rpc: Rpc, { address, artifact }: DeployStep): Promise<boolean> =>
  isRuntime(await rpc.code(address), artifact)

const planHash = (steps: DeployStep[]): Bytes32 =>
  bytesToHex(keccak256(new TextEncoder().encode(JSON.stringify(steps.map(({ address, data }) => [address, data])))))

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

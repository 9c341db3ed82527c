/** What a deployment consists of: contracts in order, each at an address that is known before anything is sent. Decides, sends nothing. */
import { getCreateAddress } from 'ethers'
import { SeamError } from '../protocol/errors.ts'
import { type Address, type Hex, ZERO_ADDRESS } from '../protocol/eth.ts'
import { committeeAbi, courtAbi, encodeDeploy, ledgerAbi, modelsAbi, registryAbi, tokenAbi } from './abi.ts'
import { type Artifact, Committee, Court, Ledger, Models, OpenToken, Registry } from './artifacts.ts'

export interface Deployment {
  chainId: number
  /** The zero address where $OPEN is the chain's own coin. */
  token: Address
  ledger: Address
  registry: Address
  models: Address
  court: Address | null
  /** The judge that the court began with; `CourtClient.verdict()` says which one it has now. */
  committee: Address | null
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
  /** null: no disputes, and stake that nothing can take. */
  court?: Partial<CourtOptions> | null
}

export interface CourtOptions {
  /** May propose another judge, which takes office after `verdictDelay`; the zero address: nobody ever may. */
  steward: Address
  bond: bigint
  /** Seconds a provider has to answer, and then the committee to vote. */
  respondWindow: number
  verdictWindow: number
  verdictDelay: number
  seats: number
  quorum: number
  /** Wei of an auditor's stake that make one ticket in the draw. */
  ticket: bigint
}

const DAY = 86_400
const OPEN = 10n ** 18n

export const deployDefaults = {
  minStake: 1_000n * OPEN,
  exitDelay: DAY, // OP-stack; 2 days where force-inclusion takes one
  unbondDelay: 14 * DAY,
  evidenceAge: 7 * DAY
}

export const courtDefaults: CourtOptions = {
  steward: ZERO_ADDRESS,
  bond: 10n * OPEN,
  respondWindow: DAY,
  verdictWindow: 3 * DAY,
  verdictDelay: 21 * DAY,
  seats: 3,
  quorum: 2,
  ticket: 1_000n * OPEN
}

export type ContractName = 'token' | 'registry' | 'models' | 'ledger' | 'committee' | 'court'

export interface DeployStep {
  name: ContractName
  what: string
  nonce: number
  /** Where the contract will stand if this is transaction `nonce` of the deployer. */
  address: Address
  data: Hex
  artifact: Artifact
}

export interface DeployPlan {
  steps: DeployStep[]
  /** `block` is 0 until it is known. */
  deployment: Deployment
}

/** `nonce` is the number of the deployer's next transaction: the contracts name each other by the addresses that follow from it. */
export const planDeploy = (from: Address, nonce: number, chainId: number, options: DeployOptions = {}): DeployPlan => {
  const { minStake, exitDelay, unbondDelay, evidenceAge } = { ...deployDefaults, ...options }
  const court = options.court === null ? null : { ...courtDefaults, ...options.court }
  const names: ContractName[] = ['registry', 'models', 'ledger']
  if (options.token === undefined) names.unshift('token')
  if (court !== null) names.push('committee', 'court')
  const addresses = new Map(names.map((name, i) => [name, getCreateAddress({ from, nonce: nonce + i }).toLowerCase() as Address]))
  const at = (name: ContractName): Address | null => addresses.get(name) ?? null
  const token = options.token ?? at('token')
  const [registry, models, ledger] = [at('registry'), at('models'), at('ledger')]
  if (token === null || registry === null || models === null || ledger === null)
    throw new SeamError('INTERNAL', 'a deployment needs its contracts')

  const encode: Record<ContractName, () => [Artifact, Hex]> = {
    token: () => [OpenToken, encodeDeploy(OpenToken.bytecode, tokenAbi, [from])],
    // Each contract checks in its constructor that the one before it names it.
    registry: () => {
      const args = [token, ledger, at('court') ?? ZERO_ADDRESS, minStake, unbondDelay, evidenceAge]
      return [Registry, encodeDeploy(Registry.bytecode, registryAbi, args)]
    },
    models: () => [Models, encodeDeploy(Models.bytecode, modelsAbi, [ledger])],
    ledger: () => [Ledger, encodeDeploy(Ledger.bytecode, ledgerAbi, [token, registry, models, exitDelay])],
    committee: () => {
      const { seats, quorum, ticket } = court ?? courtDefaults
      return [Committee, encodeDeploy(Committee.bytecode, committeeAbi, [registry, seats, quorum, ticket])]
    },
    court: () => {
      const { steward, bond, respondWindow, verdictWindow, verdictDelay } = court ?? courtDefaults
      const args = [registry, at('committee'), steward, bond, respondWindow, verdictWindow, verdictDelay]
      return [Court, encodeDeploy(Court.bytecode, courtAbi, args)]
    }
  }
  const steps = names.map((name, i): DeployStep => {
    const [artifact, data] = encode[name]()
    const address = at(name) as Address
    return { name, what: `deploying ${labels[name]}`, nonce: nonce + i, address, data, artifact }
  })
  const deployment = { chainId, token, ledger, registry, models, court: at('court'), committee: at('committee'), block: 0 }
  return { steps, deployment }
}

const labels: Record<ContractName, string> = {
  token: 'OpenToken',
  registry: 'Registry',
  models: 'Models',
  ledger: 'Ledger',
  committee: 'Committee',
  court: 'Court'
}

/** The models contract: what a model id commits to, and whose work is paid when it serves. */
import { SeamError } from '../protocol/errors.ts'
import type { Address, Bytes32 } from '../protocol/eth.ts'
import { modelIdOf } from '../protocol/typed-data.ts'
import { encodeCall, modelsAbi, view } from './abi.ts'
import type { Deployment } from './deploy.ts'
import type { Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'

export interface ModelTerms {
  manifestHash: Bytes32
  payees: Address[]
  /** Hundredths of a percent of what clients pay, one a payee. */
  bps: number[]
}

// Sixteen payees take 16 x 25 000 for their slots, and the rest less than this.
const REGISTER_GAS = { base: 200_000, payee: 35_000 }
const NO_HASH = `0x${'0'.repeat(64)}`

export class ModelsClient {
  readonly rpc: Rpc
  readonly deployment: Deployment
  readonly #sender: Sender | null

  constructor(rpc: Rpc, deployment: Deployment, sender: Sender | null = null) {
    this.rpc = rpc
    this.deployment = deployment
    this.#sender = sender
  }

  /** null for an id that nobody has revealed. */
  async model(modelId: Bytes32): Promise<ModelTerms | null> {
    const [tuple] = (await view(this.rpc, modelsAbi, this.deployment.models, 'modelOf', [modelId])) as [unknown[]]
    const [manifestHash, payees, bps] = tuple as [Bytes32, Address[], bigint[]]
    return manifestHash === NO_HASH ? null : { manifestHash, payees, bps: bps.map(Number) }
  }

  /** Reveals a model; anyone may, again without effect. Gives its id. */
  async register({ manifestHash, payees, bps }: ModelTerms): Promise<Bytes32> {
    if (this.#sender === null) throw new SeamError('CONFIG', 'this models client only reads: give it a wallet to write')
    await this.#sender.send({
      to: this.deployment.models,
      data: encodeCall(modelsAbi, 'register', [manifestHash, payees, bps]),
      gasLimit: REGISTER_GAS.base + REGISTER_GAS.payee * payees.length,
      what: 'models.register'
    })
    return modelIdOf(manifestHash, payees, bps)
  }
}

/** The state of one channel (client, provider, model) that both sides keep: what was appended and the total it makes. */
import type { Wei } from './amounts.ts'
import type { Bytes32 } from './eth.ts'
import { receiptHash, type TypedDomain, type Voucher, type WorkReceipt } from './typed-data.ts'
import { WorkTree, workLeaf } from './work-tree.ts'

export class ChannelState {
  readonly client: Bytes32
  readonly provider: Bytes32
  readonly modelId: Bytes32
  tree: WorkTree
  cumulative: Wei
  units: number

  constructor(parties: Pick<Voucher, 'client' | 'provider' | 'modelId'>, tree = new WorkTree(), cumulative: Wei = 0n, units = 0) {
    this.client = parties.client
    this.provider = parties.provider
    this.modelId = parties.modelId
    this.tree = tree
    this.cumulative = cumulative
    this.units = units
  }

  get count(): number {
    return this.tree.count
  }

  /** Appends a receipt and returns its name. `cumAfter` goes into the leaf, so one bad stream never blocks another. */
  append(domain: TypedDomain, receipt: WorkReceipt, onNode?: Parameters<WorkTree['append']>[1]): Bytes32 {
    const hash = receiptHash(domain, receipt)
    this.cumulative += receipt.amount
    this.units += receipt.to - receipt.from
    this.tree.append(workLeaf(hash, this.cumulative), onNode)
    return hash
  }

  /** The voucher that covers everything appended so far. */
  voucher(): Voucher {
    return {
      client: this.client,
      provider: this.provider,
      modelId: this.modelId,
      cumulative: this.cumulative,
      units: this.units,
      workRoot: this.tree.root()
    }
  }

  clone(): ChannelState {
    return new ChannelState(this, this.tree.clone(), this.cumulative, this.units)
  }
}

/** Siblings in work trees, asked for together: a session's receipts cost a request per 64 of a batch, not one each. */
import { codeOf } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import type { WorkReceipt } from 'openseam/protocol/typed-data'
import type { ReceiptSource } from './source.ts'

/** One place under one root, as one source may show it. */
export interface Wanted {
  source: ReceiptSource
  receipt: Pick<WorkReceipt, 'client' | 'provider' | 'modelId'>
  workRoot: Bytes32
  index: number
}

const groupOf = ({ source, receipt, workRoot }: Wanted): string =>
  `${source.name}:${receipt.provider}:${receipt.modelId}:${receipt.client}:${workRoot}`

export class Paths {
  readonly #sources: readonly ReceiptSource[]
  readonly #held = new Map<string, Bytes32[]>()

  constructor(sources: readonly ReceiptSource[]) {
    this.#sources = sources.filter(({ prove }) => prove !== undefined)
  }

  /** Fetches ahead; what fails here is asked for one by one later, so that one wrong place does not hide the others. */
  async prefetch(wanted: readonly Wanted[]): Promise<void> {
    const groups = [...Map.groupBy(wanted, groupOf).values()]
    await Promise.all([...Map.groupBy(groups, ([first]) => first?.source).values()].map((of) => this.#inOrder(of)))
  }

  /** From who showed the receipt, else from anyone who has it. A string is the code of who showed it. */
  async of(wanted: Wanted): Promise<Bytes32[] | string> {
    const held = this.#held.get(`${groupOf(wanted)}:${wanted.index}`)
    if (held !== undefined) return held
    let code = 'RECEIPT_UNKNOWN'
    for (const source of [wanted.source, ...this.#sources.filter((other) => other !== wanted.source)]) {
      try {
        const [path] = (await source.prove?.(wanted.receipt, wanted.workRoot, [wanted.index])) ?? []
        if (path !== undefined) return path
      } catch (error) {
        if (source === wanted.source) code = codeOf(error)
      }
    }
    return code
  }

  async #inOrder(groups: readonly Wanted[][]): Promise<void> {
    for (const group of groups) {
      const [first] = group
      if (first?.source.prove === undefined) continue
      const indexes = group.map(({ index }) => index)
      const paths = await first.source.prove(first.receipt, first.workRoot, indexes).catch(() => [])
      for (const [i, path] of paths.entries()) this.#held.set(`${groupOf(first)}:${indexes[i]}`, path)
    }
  }
}

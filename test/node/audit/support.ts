/** Providers whose work is settled on a real chain, and the ways in which they show it, honest or not. */
import { domainOf, LedgerClient, Rpc } from 'openseam/chain/index'
import type { ReceiptReader, ShownReceipt } from 'openseam/net/receipt-fetch'
import { ChannelState } from 'openseam/protocol/channel'
import type { SignedVoucher } from 'openseam/protocol/convert'
import { SeamError } from 'openseam/protocol/errors'
import { type Bytes32, bytesToHex } from 'openseam/protocol/eth'
import { type EndName, EndReason, receiptHash, signTyped, type WorkReceipt } from 'openseam/protocol/typed-data'
import { workLeaf, workProof } from 'openseam/protocol/work-tree'
import { type Books, chainBooks } from '../../../node/audit/books.ts'
import { peerSource, type ReceiptSource } from '../../../node/audit/source.ts'
import { hashOf, type Market, OPEN, type Person } from '../../contracts/market.ts'

export const model = hashOf('model')
export const session = hashOf('session')
const none: Bytes32 = `0x${'00'.repeat(32)}`

export const booksOf = ({ admin }: Market): Books => chainBooks(admin.ledger, admin.registry)

export type Change = (result: unknown, params: unknown[]) => unknown

/** The chain as an endpoint shows it that changes what it answers to one method. */
export const lyingAbout = (market: Market, method: string, change: Change): LedgerClient => {
  const fetchChanged: typeof fetch = async (input, init) => {
    const request = JSON.parse(String(init?.body)) as { method: string; params: unknown[] }
    const response = await fetch(input, init)
    if (request.method !== method) return response
    const reply = (await response.json()) as { result: unknown }
    return Response.json({ ...reply, result: change(reply.result, request.params) })
  }
  return new LedgerClient(new Rpc(market.rpc.url, { fetch: fetchChanged }), market.deployment)
}

/** One position costs a thousandth of an OPEN. */
export const PRICE = OPEN / 1000n

export interface Work {
  leg: number
  seq: number
  from: number
  to: number
  end?: EndName
  sessionId?: Bytes32
}

/** One provider's channel with one client. */
export class TestChannel {
  readonly provider: Person
  readonly client: Person
  readonly rows: ShownReceipt[] = []
  readonly #market: Market
  readonly #state: ChannelState
  readonly #roots = new Map<Bytes32, number>()

  constructor(market: Market, provider: Person, client: Person) {
    this.#market = market
    this.provider = provider
    this.client = client
    this.#state = new ChannelState({ client: client.wallet.address, provider: provider.wallet.address, modelId: model })
  }

  receipt({ leg, seq, from, to, end = 'running', sessionId = session }: Work): WorkReceipt {
    return {
      ...{ sessionId, leg, seq, from, to, promptUnits: 0, amount: PRICE * BigInt(to - from), end: EndReason[end] },
      ...{ client: this.client.wallet.address, provider: this.provider.wallet.address, modelId: model },
      ...{ outputHash: hashOf(`output ${from}`), kvHead: none, fingerprint: none }
    }
  }

  add(work: Work, signed = true): ShownReceipt {
    const domain = domainOf(this.#market.deployment)
    const receipt = this.receipt(work)
    const hash = this.#state.append(domain, receipt)
    const signature = signed ? bytesToHex(signTyped(domain, 'WorkReceipt', receipt, this.provider.wallet.secretKey)) : null
    const row = { receipt, hash, signature, index: this.#state.count - 1, cumAfter: this.#state.cumulative }
    this.rows.push(row)
    this.#roots.set(this.#state.tree.root(), this.#state.count)
    return row
  }

  /** The newest, signed by its client or by another key. */
  voucher(key = this.client.wallet.secretKey): SignedVoucher {
    const voucher = this.#state.voucher()
    return { voucher, signature: signTyped(domainOf(this.#market.deployment), 'Voucher', voucher, key) }
  }

  async settle(): Promise<void> {
    const { voucher, signature } = this.voucher()
    const { client, cumulative, units, workRoot } = voucher
    await this.provider.ledger.settle([{ modelId: model, items: [{ client, cumulative, units, workRoot, signature }] }])
  }

  /** As its provider serves it; `lie` is put in place of any of the answers. */
  source(name: string, lie: Partial<ReceiptReader> = {}): ReceiptSource {
    return peerSource(name, this.reader(lie))
  }

  reader(lie: Partial<ReceiptReader> = {}): ReceiptReader {
    const leaves = (count: number): Bytes32[] => this.rows.slice(0, count).map(({ hash, cumAfter }) => workLeaf(hash, cumAfter))
    return {
      byHash: async (hash) => this.rows.find((row) => row.hash === hash),
      ofSession: async (sessionId) => this.rows.filter(({ receipt }) => receipt.sessionId === sessionId),
      ofChannel: async (_channel, index, max) => this.rows.slice(index, index + max),
      prove: async (_channel, root, indexes) => {
        const count = this.#roots.get(root)
        if (count === undefined) throw new SeamError('RECEIPT_UNKNOWN', 'no such root')
        if (indexes.some((index) => index >= count)) throw new SeamError('BAD_REQUEST', `no leaf among ${count}`)
        return indexes.map((index) => workProof(leaves(count), index))
      },
      pendingVouchers: async () => (this.rows.length === 0 ? [] : [this.voucher()]),
      close: async () => undefined,
      ...lie
    }
  }

  /** The row with something else in it, under the name that it then has. */
  altered(row: ShownReceipt, changes: Partial<ShownReceipt>): ShownReceipt {
    const changed = { ...row, ...changes }
    return { ...changed, hash: receiptHash(domainOf(this.#market.deployment), changed.receipt) }
  }
}

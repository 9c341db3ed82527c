/** A provider's voucher book and settler as the daemon joins them, over a store on disk and a real chain: what `kills` kills. */
import { type Deployment, domainOf, LedgerClient, Sender, walletFromHex } from 'openseam/chain/index'
import { silentLog, systemClock } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { type Address, signHash } from 'openseam/protocol/eth'
import type * as wire from 'openseam/protocol/pb'
import type { LegOpen } from 'openseam/protocol/typed-data'
import { openLevelStore } from '../../../../node/lib/level-store.ts'
import { LegBook } from '../../../../node/settle/legs.ts'
import { ReceiptStore } from '../../../../node/settle/receipt-store.ts'
import { Settler } from '../../../../node/settle/settler.ts'
import { settlerChain } from '../../../../node/settle/settler-chain.ts'
import { ownFence } from '../../../../node/settle/sign-fence.ts'
import { VoucherBook } from '../../../../node/settle/voucher-book.ts'
import { modelId } from '../../../sdk/session/support.ts'
import { rowOf, TestLeg } from '../support.ts'
import { type Fault, FaultyRpc, faultyStore, passOf } from './faults.ts'

export interface Start {
  dir: string
  rpc: string
  deployment: Deployment
  key: `0x${string}`
  legs: LegOpen[]
  fault: Fault | null
}

export type ToChild = { start: Start } | { client: Address; ack: wire.Ack } | { finish: true }

export type FromChild =
  | { open: { client: Address; count: number }[] }
  | { client: Address; count: number }
  | { refused: string }
  | { finished: true }

process.on('disconnect', () => process.exit(0))
const tell = (told: FromChild): void => void process.send?.(told)

const open = async (start: Start): Promise<(told: ToChild) => Promise<void>> => {
  const pass = passOf(start.fault)
  const disk = await openLevelStore(start.dir)
  const store = faultyStore(disk, pass)
  const rpc = new FaultyRpc(start.rpc)
  const wallet = walletFromHex(start.key)
  const account = wallet.address
  const ledger = new LedgerClient(rpc, start.deployment, new Sender(rpc, wallet.secretKey, { alone: true }))
  const legs = new LegBook(disk)
  const receipts = new ReceiptStore({
    store,
    fence: ownFence,
    nowMs: () => systemClock.nowMs(),
    sign: (hash) => signHash(hash, wallet.secretKey)
  })
  const domain = domainOf(start.deployment)
  const book = new VoucherBook({ store, legs, receipts, domain, account, modelId, signersOf: async (client) => [client] })
  await book.load()
  for (const leg of start.legs) {
    if ((await legs.row(leg.sessionId, leg.leg)) === undefined) await legs.open(rowOf(leg), new TestLeg(leg.maxTo))
  }
  const chain = settlerChain({ ledger, account, book, domain, clock: systemClock })
  const claim = async (): Promise<bigint> => {
    pass('settled, not claimed')
    const amount = await chain.claim()
    pass('claimed')
    return amount
  }
  const settler = new Settler(book, { ...chain, claim }, systemClock, silentLog, { everyMs: 20, minWei: 1n }, () => undefined)
  const countOf = ({ modelId, client }: LegOpen): number => book.channel(modelId, client)?.state.count ?? 0
  tell({ open: start.legs.map((leg) => ({ client: leg.client, count: countOf(leg) })) })
  rpc.pass = pass
  void settler.run()
  return async (told) => {
    if ('ack' in told) {
      pass('voucher received')
      const reply = await book.accept(told.ack, told.client)
      tell({ client: told.client, count: reply.count })
    } else {
      await settler.settleNow()
      tell({ finished: true })
    }
  }
}

let act: ((told: ToChild) => Promise<void>) | undefined
process.on('message', async (told: ToChild) => {
  try {
    if ('start' in told) act = await open(told.start)
    else await act?.(told)
  } catch (error) {
    tell({ refused: `${codeOf(error)}: ${String(error)}` })
  }
})

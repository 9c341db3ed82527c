/** Where a provider that settles can die, and how a process is made to die there. */
import { Rpc } from 'openseam/chain/index'
import type { Store } from 'openseam/components'

export const faultPoints = [
  'voucher received',
  'before the write',
  'after the write',
  'signature made',
  'before the transaction is sent',
  'after the transaction is sent',
  'before its receipt is read',
  'after its receipt is read',
  'settled, not claimed',
  'claimed'
] as const

export type FaultPoint = (typeof faultPoints)[number]

export interface Fault {
  point: FaultPoint
  /** Which passage kills: 1 is the first. */
  passage: number
}

export type Pass = (point: FaultPoint) => void

/** Kills this process, by a signal that no code of its own sees, when the point is passed for the n-th time. */
export const passOf = (fault: Fault | null): Pass => {
  let left = fault?.passage ?? 0
  return (point) => {
    if (point === fault?.point && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
}

export const faultyStore = (store: Store, pass: Pass): Store => ({
  get: (key) => store.get(key),
  list: (prefix) => store.list(prefix),
  close: () => store.close(),
  async batch(writes, options) {
    if (options?.durable !== true) {
      await store.batch(writes, options)
      pass('signature made') // the only write after a voucher's own
      return
    }
    pass('before the write')
    await store.batch(writes, options)
    pass('after the write')
  }
})

export class FaultyRpc extends Rpc {
  pass: Pass = () => undefined

  override async send(method: string, params?: unknown[]): Promise<unknown> {
    if (method === 'eth_sendRawTransaction') this.pass('before the transaction is sent')
    if (method === 'eth_getTransactionReceipt') this.pass('before its receipt is read')
    const result = await super.send(method, params)
    if (method === 'eth_sendRawTransaction') this.pass('after the transaction is sent')
    if (method === 'eth_getTransactionReceipt') this.pass('after its receipt is read')
    return result
  }
}

import { expect } from 'chai'
import type { ReceiptReader } from 'openseam/net/receipt-fetch'
import type { SignedVoucher } from 'openseam/protocol/convert'
import type { Address } from 'openseam/protocol/eth'
import { type Pending, PendingWatch } from '../../../node/explorer/index.ts'
import { silentLog, systemClock, systemRng } from '../../../sdk/components.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { EXPLORER_ASKS_MAX, EXPLORER_PENDING_PER_PROVIDER_MAX } from '../../../sdk/protocol/limits.ts'
import { named } from '../../contracts/market.ts'
import { until } from '../../e2e/lib/until.ts'

/** A hundred times as fast. */
const hurried = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now() * 100,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal)
}

describe('asking providers what is not settled yet', () => {
  const accounts = Array.from({ length: EXPLORER_ASKS_MAX + 2 }, (_, i) => named(`asked ${i}`).address)
  let stop: AbortController
  let running: Promise<void>
  let taken: [account: Address, shown: readonly SignedVoucher[]][]
  let online: Address[]
  let answers: Map<Address, (signal: AbortSignal) => Promise<SignedVoucher[]>>
  let asked: Address[]
  let open: number

  beforeEach(() => {
    ;[taken, asked, answers, open] = [[], [], new Map(), 0]
    online = [...accounts]
    stop = new AbortController()
    const pending = { take: async (account: Address, shown: readonly SignedVoucher[]) => void taken.push([account, shown]) }
    const peers = {
      accounts: () => online,
      open: async (account: Address, signal: AbortSignal) => {
        asked.push(account)
        open++
        const pendingVouchers = async (max: number): Promise<SignedVoucher[]> => {
          expect(max).to.equal(EXPLORER_PENDING_PER_PROVIDER_MAX)
          return (await answers.get(account)?.(signal)) ?? []
        }
        return { pendingVouchers, close: async () => void open-- } as unknown as ReceiptReader
      }
    }
    const components = { pending: pending as unknown as Pending, peers, clock: hurried, rng: systemRng, log: silentLog }
    running = new PendingWatch(components).run(stop.signal)
  })
  afterEach(async () => {
    stop.abort()
    await running
    expect(open, 'streams left open').to.equal(0)
  })

  const takenFrom = (account: Address): number => taken.filter(([of]) => of === account).length

  it('goes on asking everyone who is online, also those behind who says nothing', async () => {
    const [silent] = accounts as [Address]
    const forAbort = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new SeamError('CANCELLED', 'late')), { once: true })
      )
    answers.set(silent, forAbort)
    await until('everyone else twice', () => accounts.slice(1).every((account) => takenFrom(account) >= 2))
    expect(takenFrom(silent)).to.equal(0)
    answers.delete(silent)
    await until('who says something again', () => takenFrom(silent) > 0)
  })

  it('leaves who fails alone for a while, and forgets who has gone', async () => {
    const [failing] = accounts as [Address]
    answers.set(failing, async () => {
      throw new SeamError('WIRE_ORDER', 'something else')
    })
    const others = accounts.slice(1)
    await until('the others many times', () => others.every((account) => takenFrom(account) >= 12))
    expect(asked.filter((account) => account === failing).length).to.be.within(2, 6)
    online = others
    answers.delete(failing)
    await systemClock.sleep(20)
    online = [...accounts]
    const now = takenFrom(others[0] as Address)
    await until('it is asked at once', () => takenFrom(failing) > 0)
    expect(takenFrom(others[0] as Address)).to.be.at.most(now + 3)
  })
})

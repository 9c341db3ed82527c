/** Runs the driver of a turn against peers that do what the test says. */
import { memoryStore, type PeerKey, type Store, silentLog } from 'openseam/components'
import { receiptFromWire } from 'openseam/protocol/convert'
import { SeamError } from 'openseam/protocol/errors'
import { bytesToHex } from 'openseam/protocol/eth'
import { type ClientFrame, type Open, type ProviderFrame, Sampling, type SuccessorRef } from 'openseam/protocol/pb'
import type { WorkReceipt } from 'openseam/protocol/typed-data'
import type { AckRoute } from 'openseam/session/acknowledger'
import { silentAnswer } from 'openseam/session/answer'
import { ChannelBook } from 'openseam/session/channel-book'
import type { Fence } from 'openseam/session/fence'
import { x25519KeyPair } from 'openseam/session/keys'
import type { LegTarget } from 'openseam/session/leg-open'
import { SessionStore } from 'openseam/session/record'
import { samplingOf } from 'openseam/session/request'
import { Session } from 'openseam/session/session'
import { type SpendCaps, Spending } from 'openseam/session/spending'
import { TurnDriver } from 'openseam/session/turn'
import type { Lost } from 'openseam/session/turn-components'
import type { TurnEvent } from 'openseam/session/types'
import { WriteQueue } from 'openseam/session/write-queue'
import {
  channelPair,
  clientPeer,
  clientSigner,
  countingRng,
  domain,
  flakyStore,
  hash,
  key,
  modelId,
  newRecord,
  TestClock
} from './support.ts'

export const PROMPT = [5, 6, 7, 8]
export const STOP = 2
type Line = ReturnType<typeof channelPair<ClientFrame, ProviderFrame>>[1]

/** What a peer does with its leg, after the opening frame was taken. */
export type Script = (line: Line, open: Open) => Promise<void>

export const tokens = (
  from: number,
  ids: number[],
  resume?: 'none' | 'warm',
  prints?: Uint8Array<ArrayBuffer>
): ProviderFrame => ({
  tokens: { from, ids, logprobs: [], mark: undefined, resume: resume && { tier: resume, kept: 0, recomputed: 0 }, prints }
})
export const opened: ProviderFrame = { opened: { credit: 64 } }

export const target = (name: string): LegTarget => ({
  peer: hash(name) as PeerKey,
  peerId: name,
  account: bytesToHex(key(name).subarray(0, 20)),
  x25519: x25519KeyPair(key(name)).publicKey,
  multiaddrs: [],
  promptWei: 3n,
  completionWei: 7n,
  numerics: hash('numerics')
})

/** Runs one turn over peers in the order given; each opening that is asked for takes the next script, and `nobody` is one look that finds none. */
export const play = async (
  scripts: (Script | 'nobody')[],
  maxTo = 100,
  caps: SpendCaps = {},
  given: Store = memoryStore(),
  /** What each look for a successor finds, in order; asked for only when there is something to find. */
  found: SuccessorRef[][] = [],
  budget?: bigint,
  /** Where `given` is shared. */
  fence?: Fence
) => {
  const store = flakyStore(given)
  const queue = new WriteQueue(store)
  const clock = new TestClock()
  const sampling = samplingOf({}, [STOP], PROMPT.length, countingRng())
  const record = newRecord('s_one', {
    promptTo: PROMPT.length,
    maxTo,
    ...(budget !== undefined && { budget }),
    sampling: bytesToHex(Sampling.encode(sampling)),
    successors: Math.sign(found.length)
  })
  const spending = new Spending(caps, store, clock)
  await spending.load()
  const session = new Session(new SessionStore(queue, key('store')), clock, record, [...PROMPT], 0)
  session.fence = fence
  const books = new Map<string, Promise<ChannelBook>>()
  const lostTo: (Lost | null)[] = []
  const opens: Open[] = []
  /** Receipts on disk when a leg was opened. */
  const onDisk: number[] = []
  const fences: number[] = []
  const forgiven: string[] = []
  let next = 0

  const driver: TurnDriver = new TurnDriver(
    {
      domain,
      signer: clientSigner,
      clientPeer,
      clock,
      log: silentLog,
      choose: async (_session, lost) => {
        lostTo.push(lost)
        const none = next >= scripts.length || scripts[next] === 'nobody'
        if (scripts[next] === 'nobody') next += 1
        if (none) throw new SeamError('NO_PROVIDER', 'nobody is left')
        return target(`p${next}`)
      },
      openSession: async () => {
        const script = scripts[next++] as Script
        const [ours, theirs] = channelPair<ClientFrame, ProviderFrame>()
        void (async () => {
          const frames = theirs.receive()[Symbol.asyncIterator]()
          const open = (await frames.next()).value?.open as Open
          opens.push(open)
          let count = 0
          for await (const _ of store.list('rc:')) count += 1
          onDisk.push(count)
          await script(theirs, open)
        })().catch(() => undefined)
        return ours
      },
      route: async (account, peer) => {
        const loading =
          books.get(account) ?? ChannelBook.load({ domain, signer: clientSigner, queue, provider: account, modelId, peer })
        books.set(account, loading)
        return { book: await loading, courier: { flush: () => undefined } } as unknown as AckRoute
      },
      forgive: (code) => forgiven.push(code),
      successors: async () => found.shift() ?? [],
      onSuccessorLost: () => undefined,
      fence: (leg) => fences.push(leg),
      ownFault: async () => false,
      watch: () => () => undefined,
      observe: () => undefined,
      spending
    },
    session,
    silentAnswer()
  )
  const events: TurnEvent[] = []
  const reading = (async () => {
    for await (const batch of driver.feed.read()) events.push(...batch)
  })()
  const failed = reading.then(
    () => null,
    (error: SeamError) => error.code
  )
  driver.opened.catch(() => undefined)
  const running = driver.run()
  const receipts = async (name: string): Promise<WorkReceipt[]> => {
    const { account } = target(name)
    const parties = { client: clientSigner.account, provider: account, modelId }
    return ((await books.get(account))?.ack(0)?.appended ?? []).map((draft) => receiptFromWire(draft, parties))
  }
  return {
    driver,
    session,
    record,
    running,
    failed,
    events,
    opens,
    onDisk,
    fences,
    forgiven,
    lostTo,
    receipts,
    clock,
    spending,
    store
  }
}

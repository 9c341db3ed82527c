import { expect } from 'chai'
import { type Channel, memoryStore, silentLog } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { bytesToHex, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { SUCCESSORS_MAX, UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type { ClientFrame, Open, ProviderFrame } from 'openseam/protocol/pb'
import { EndReason } from 'openseam/protocol/typed-data'
import { newRoot, x25519KeyPair } from 'openseam/session/keys'
import { buildOpen } from 'openseam/session/leg-open'
import { samplingOf } from 'openseam/session/request'
import type { SessionSigner } from 'openseam/session/wallet'
import { localSigner } from 'openseam/session/wallet'
import { EngineError } from '../../../node/engine/errors.ts'
import type { Engine, EngineJob, Job } from '../../../node/engine/types.ts'
import type { Standby } from '../../../node/kv/standby.ts'
import type { Accounts } from '../../../node/provider/accounts.ts'
import { LEG_FRAMES, SessionServer } from '../../../node/provider/session-server.ts'
import { LegBook } from '../../../node/settle/legs.ts'
import {
  channelPair,
  clientPeer,
  clientSigner,
  countingRng,
  domain,
  hash,
  key,
  modelId,
  provider,
  providerPeer,
  settle,
  TestClock
} from '../../sdk/session/support.ts'

const PROMPT = [1, 2, 3, 4]
const rng = countingRng()
const identity = {
  account: provider,
  signer: provider,
  sign: () => new Uint8Array(65),
  seed: key('seed'),
  x25519: x25519KeyPair(key('seed'))
}

const openFrame = async (leg = 0, signer: SessionSigner = clientSigner): Promise<Open> => {
  const target = { peer: providerPeer, peerId: '', account: provider, x25519: identity.x25519.publicKey, multiaddrs: [] }
  const prices = { promptWei: 1n, completionWei: 1n, numerics: ZERO_BYTES32 }
  const { open } = await buildOpen(
    domain,
    { ...signer, account: clientSigner.account },
    { ...target, ...prices },
    {
      ...{ root: newRoot(rng), sessionId: hash('session'), leg, replicaLeg: leg, modelId, clientPeer, from: 0 },
      ...{ promptTo: PROMPT.length, maxTo: 100, ids: PROMPT, sampling: samplingOf({}, [], PROMPT.length, rng) },
      ...{ prevEnd: EndReason.finished, prevHead: ZERO_BYTES32, readable: [], successors: [], exactTail: false, park: false }
    },
    new TestClock().nowMs()
  )
  return open
}

const setup = () => {
  const clock = new TestClock()
  const jobs: { job: Job; cancelled: boolean }[] = []
  const info = { contextMax: 1_000, vocabSize: 300, numerics: ZERO_BYTES32, dtype: 'float32', blockBytes: 64 }
  const engine = {
    info,
    stats: () => ({ tokensPerSecond: 0 }),
    start: (job: Job): EngineJob => {
      const entry = { job, cancelled: false }
      jobs.push(entry)
      return { key: job.key, cancel: () => void (entry.cancelled = true), hold: () => {}, emitBlocksFrom: () => {} }
    }
  } as unknown as Engine
  const lent = new Set<string>()
  /** What the chain says of the keys of the account, asked once more where it was not what the client needs. */
  const chain = { again: Promise.resolve() as Promise<void> }
  const accounts = {
    signersOf: async (_client: string, _model: string, fresh: boolean) => {
      if (fresh) await chain.again
      return [clientSigner.signer]
    },
    view: async () => ({
      ...{ balance: 10n ** 12n, left: 10n ** 12n, settled: 0n, signed: 0n, exitPending: false, known: true },
      ...{ openLegs: 0, unpaidLegs: 0, unpaid: 0n, lent: 0n, lentToAll: 0n }
    }),
    lend: (_client: string, leg: string) => void lent.add(leg),
    repaid: (_client: string, leg: string) => void lent.delete(leg),
    unpaid: async () => undefined
  } as unknown as Accounts
  const store = memoryStore()
  const legs = new LegBook(store)
  const retired: number[] = []
  const retire = legs.retire.bind(legs)
  legs.retire = (sessionId, leg) => {
    retired.push(leg)
    retire(sessionId, leg)
  }
  const dialled: string[] = []
  const blamed: string[] = []
  const server = new SessionServer(
    {
      ...{ domain, identity, peer: providerPeer, engine, legs, accounts, clock, rng, log: silentLog },
      standby: { find: () => undefined } as unknown as Standby,
      openKv: async ({ peer }) => {
        dialled.push(bytesToHex(peer))
        throw new SeamError('NET_DIAL', 'nobody there')
      },
      signBlock: () => new Uint8Array(64),
      fault: (_peer, code) => void blamed.push(code)
    },
    { modelId, promptWei: 1n, completionWei: 1n }
  )
  const connect = () => {
    const [ours, theirs] = channelPair<ClientFrame, ProviderFrame>()
    return { ours, theirs, frames: ours.receive()[Symbol.asyncIterator]() }
  }
  /** Until nobody waits for the last acknowledgement any more: opening secrets takes turns of the loop that no clock counts. */
  const over = async (serving: Promise<void>): Promise<void> => {
    let done = false
    void serving.finally(() => (done = true))
    while (!done) await clock.advance(UNPAID_WAIT_MS)
  }
  return { server, jobs, lent, chain, engine, store, retired, dialled, blamed, connect, over }
}

describe('session server', () => {
  it('opens a leg, and ends it with the stream', async () => {
    const { server, jobs, lent, connect, over } = setup()
    const { ours, theirs, frames } = connect()
    const serving = server.serve(theirs)
    await ours.send({ open: await openFrame() })
    expect((await frames.next()).value?.opened).to.not.equal(undefined)
    expect([server.active, jobs.length, lent.size]).to.deep.equal([1, 1, 1])
    await ours.close()
    await settle()
    expect(jobs[0]?.cancelled).to.equal(true)
    await over(serving)
    expect([server.active, lent.size]).to.deep.equal([0, 0])
  })

  it('a client that is gone before it is told that its leg is open leaves nothing running', async () => {
    const { server, jobs, lent, retired, connect, over } = setup()
    const { ours, theirs } = connect()
    const gone: Channel<ProviderFrame, ClientFrame> = {
      ...theirs,
      send: () => Promise.reject(new SeamError('NET_CLOSED', 'gone'))
    }
    const serving = server.serve(gone).catch(() => undefined)
    await ours.send({ open: await openFrame() })
    await settle()
    await ours.close()
    await over(serving)
    expect(jobs.map(({ cancelled }) => cancelled)).to.deep.equal([true])
    expect([server.active, lent.size, retired.length]).to.deep.equal([0, 0, 1])
  })

  it('a leg that cannot be started leaves no row on disk, so nobody fills it by asking', async () => {
    const { server, jobs, lent, engine, store, connect } = setup()
    const start = engine.start.bind(engine)
    engine.start = () => {
      throw new EngineError({ code: 'NO_SLOT', slots: 4 })
    }
    const rows = async (): Promise<string[]> => {
      const keys: string[] = []
      for await (const [name] of store.list('leg:')) keys.push(name)
      return keys
    }
    const { ours, theirs, frames } = connect()
    const serving = server.serve(theirs)
    await ours.send({ open: await openFrame() })
    expect((await frames.next()).value?.refused?.code).to.equal('NO_SLOT')
    await serving
    expect([await rows(), lent.size]).to.deep.equal([[], 0])
    engine.start = start // and may be asked for again, since nothing of it was served
    const again = connect()
    void server.serve(again.theirs)
    await again.ours.send({ open: await openFrame() })
    expect((await again.frames.next()).value?.opened).to.not.equal(undefined)
    expect([(await rows()).length, jobs.length]).to.deep.equal([1, 1])
  })

  it('dials no more successors than a session has, whenever they are named', async () => {
    const { server, jobs, dialled, connect, over } = setup()
    const { ours, theirs, frames } = connect()
    const serving = server.serve(theirs)
    await ours.send({ open: await openFrame() })
    await frames.next()
    const successors = Array.from({ length: SUCCESSORS_MAX + 1 }, (_, i) => ({
      ...{ grantId: key(`grant ${i}`).slice(0, 16), peer: key(`peer ${i}`), multiaddrs: ['/ip4/127.0.0.1/tcp/1'] }
    }))
    await ours.send({ successors: { successors } })
    await settle()
    expect(dialled).to.deep.equal([])
    expect(jobs[0]?.cancelled).to.equal(true)
    await over(serving)
  })

  it('a client that names successors without end makes it dial a few, and is blamed', async () => {
    const { server, jobs, dialled, blamed, connect, over } = setup()
    const { ours, theirs, frames } = connect()
    const serving = server.serve(theirs)
    await ours.send({ open: await openFrame() })
    await frames.next()
    for (let i = 0; i < 1_000; i++) {
      const named = { grantId: key(`grant ${i}`).slice(0, 16), peer: key(`peer ${i}`), multiaddrs: [] }
      await ours.send({ successors: { successors: [named] } })
    }
    await over(serving)
    expect(jobs[0]?.cancelled).to.equal(true)
    expect(dialled.length).to.be.within(1, LEG_FRAMES.count)
    expect(blamed).to.deep.equal(['RATE_LIMITED'])
  })

  it('a leg that ends while a wrong one waits for the chain is forgotten all the same', async () => {
    const { server, chain, connect, over } = setup()
    const first = connect()
    const serving = server.serve(first.theirs)
    await first.ours.send({ open: await openFrame() })
    await first.frames.next()
    const asked = Promise.withResolvers<void>()
    chain.again = asked.promise
    const second = connect()
    const refused = server.serve(second.theirs)
    await second.ours.send({ open: await openFrame(1, localSigner(key('thief'))) })
    await settle()
    await first.ours.close()
    await over(serving)
    asked.resolve()
    expect((await second.frames.next()).value?.refused?.code).to.equal('LEG_SIGNATURE')
    await refused
    // Nothing of the session is left, so the refusal is about the leg's row on disk and not about one that is open.
    const third = connect()
    const again = server.serve(third.theirs)
    await third.ours.send({ open: await openFrame() })
    expect((await third.frames.next()).value?.refused?.message).to.equal('this leg was opened here before')
    await again
  })
})

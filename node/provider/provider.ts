/** The provider daemon: wires engine, network, books and chain, starts them in order and unwinds them in reverse. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { bindingVerifier } from 'openseam/chain/bindings'
import type { CourtClient, LedgerClient, ModelsClient, ModelTerms, RegistryClient, Rpc } from 'openseam/chain/index'
import type { Clock, Log, PeerKey, Rng, Store } from 'openseam/components'
import { createDirectory, type Directory } from 'openseam/net/directory'
import { createHost, type Host } from 'openseam/net/host'
import { serveBeats } from 'openseam/net/liveness'
import { serveModelFiles } from 'openseam/net/model-fetch'
import { keepNeighbours } from 'openseam/net/neighbours'
import { grantProtocol, kvProtocol, receiptProtocol, sessionProtocol, voucherProtocol } from 'openseam/net/protocols'
import type { Wei } from 'openseam/protocol/amounts'
import { type ErrorCode, SeamError } from 'openseam/protocol/errors'
import { type Bytes32, bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { STRANGER_UNSECURED_POSITIONS } from 'openseam/protocol/limits'
import type { SuccessorRef } from 'openseam/protocol/pb'
import { peerKeyOf } from 'openseam/protocol/peer-id'
import type { TypedDomain } from 'openseam/protocol/typed-data'
import { openEngine } from '../engine/engine.ts'
import type { Engine } from '../engine/types.ts'
import { signerOf } from '../kv/ed25519.ts'
import { createStandby, type Standby } from '../kv/standby.ts'
import { Challenges } from '../settle/challenges.ts'
import { challengesChain } from '../settle/challenges-chain.ts'
import { LegBook, legKey } from '../settle/legs.ts'
import { PendingVouchers } from '../settle/pending-vouchers.ts'
import { serveReceipts } from '../settle/receipt-server.ts'
import { ReceiptStore } from '../settle/receipt-store.ts'
import { keepRetention } from '../settle/retention.ts'
import { Settler, type SettlerOptions } from '../settle/settler.ts'
import { settlerChain } from '../settle/settler-chain.ts'
import { folderFence, ownFence } from '../settle/sign-fence.ts'
import { VoucherBook } from '../settle/voucher-book.ts'
import { serveVouchers } from '../settle/voucher-server.ts'
import { VERSION } from '../version.ts'
import { Accounts } from './accounts.ts'
import { bindPeer, type Identity } from './identity.ts'
import { measureEngine } from './measure.ts'
import { loadServedModel, noRoyalties, type Royalties } from './served-model.ts'
import { SessionServer } from './session-server.ts'

export interface ProviderInit {
  home: string
  modelDir: string
  /** Absent: nobody shares in what is paid. */
  royalties?: Royalties
  slots: number
  threads: number
  /** Positions a slot can hold; absent: the model's context. */
  capacity?: number
  /** Tokens a second a session may get at most; 0: no cap. */
  pace: number
  promptWei: Wei
  completionWei: Wei
  listen: string[]
  bootstrap: string[]
  region: string
  standbyBytesMax: number
  /** A folder that replicas of this account share, so that no two of them sign for one place. Absent: this store is the only one. */
  fence?: string
  /** This home is a copy of another daemon's: nothing is signed for the legs that one opened. */
  adopt?: boolean
  settle: Partial<SettlerOptions>
}

export interface ProviderComponents {
  identity: Identity
  store: Store
  rpc: Rpc
  ledger: LedgerClient
  registry: RegistryClient
  models: ModelsClient
  /** null where the deployment has none. */
  court: CourtClient | null
  domain: TypedDomain
  clock: Clock
  rng: Rng
  log: Log
}

export interface Provider {
  readonly host: Host
  readonly engine: Engine
  readonly sessions: SessionServer
  readonly standby: Standby
  readonly settler: Settler
  readonly book: VoucherBook
  readonly directory: Directory
  /** Hands sessions over, settles what is held, then stops. */
  drain(withinMs: number): Promise<void>
  stop(): Promise<void>
}

export const startProvider = async (c: ProviderComponents, init: ProviderInit): Promise<Provider> => {
  const { identity, clock, log, rng } = c
  const undo: (() => Promise<unknown>)[] = []
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse())
      await step().catch((error: unknown) => log.warn({ error: String(error) }, 'stopping'))
  }
  try {
    const { royalties = noRoyalties } = init
    const model = await loadServedModel(init.modelDir, royalties)
    if (royalties.payees.length > 0) await reveal(c, { manifestHash: model.manifestHash, ...royalties }, model.modelId)
    const engine = await openEngine({
      modelDir: init.modelDir,
      slots: init.slots,
      threads: init.threads,
      pace: init.pace,
      ...(init.capacity !== undefined && { capacity: init.capacity })
    })
    undo.push(() => engine.close())
    await measureEngine(engine)
    const { modelId } = model

    const host = await createHost({ privateKey: identity.seed, listen: init.listen, bootstrap: init.bootstrap, log })
    undo.push(() => host.close())
    const fault = (peer: PeerKey, code: ErrorCode): void => host.penalise(peer, code)
    const legs = new LegBook(c.store)
    if (init.adopt === true) await legs.disown()
    const fence = init.fence === undefined ? ownFence : folderFence(init.fence)
    const receipts = new ReceiptStore({ store: c.store, fence, sign: identity.sign, nowMs: () => clock.nowMs() })
    const book: VoucherBook = new VoucherBook({
      store: c.store,
      legs,
      receipts,
      domain: c.domain,
      account: identity.account,
      modelId,
      signersOf: (client) => accounts.signersOf(client, modelId)
    })
    await book.load()
    const read = (client: `0x${string}`, id: `0x${string}`) => c.ledger.position(client, identity.account, id)
    const accounts: Accounts = new Accounts({ read, book, store: c.store, clock, log })
    await accounts.load()
    legs.onClosed(({ open }) => void accounts.settledUp(open.client, legKey(open.sessionId, open.leg)))

    const signBlock = signerOf(identity.seed)
    const standbyDir = join(init.home, 'standby')
    mkdirSync(standbyDir, { recursive: true, mode: 0o700 })
    const standby = createStandby(
      {
        dir: standbyDir,
        clock,
        log,
        rng,
        sign: signBlock,
        terms: (request) => {
          if (sessions.draining) throw new SeamError('DRAINING', 'this peer is shutting down')
          if (bytesToHex(request.modelId) !== modelId)
            throw new SeamError('MODEL_UNKNOWN', 'this peer does not have that model loaded')
          // A takeover under this grant will ask for the account; then it is known.
          accounts.foresee(bytesToHex(request.client), modelId)
          return {
            provider: hexToBytes(identity.account, 20),
            peer: hexToBytes(host.peer, 32),
            numerics: hexToBytes(engine.info.numerics, 32),
            prices: { promptWei: init.promptWei, completionWei: init.completionWei, standbyWei: 0n, resumeWei: 0n }
          }
        },
        fault: (peer, error) => host.penalise(peer, error.code)
      },
      { bytesMax: init.standbyBytesMax }
    )
    undo.push(() => standby.close())

    const openKv = (ref: SuccessorRef) => host.open(peerKeyOf(ref.peer), kvProtocol, { multiaddrs: ref.multiaddrs })
    const sessions: SessionServer = new SessionServer(
      {
        domain: c.domain,
        identity,
        peer: host.peer,
        engine,
        legs,
        accounts,
        standby,
        openKv,
        signBlock,
        clock,
        rng,
        log,
        fault
      },
      { modelId, promptWei: init.promptWei, completionWei: init.completionWei }
    )

    const settledOf = async (client: `0x${string}`, id: `0x${string}`): Promise<Wei> =>
      (await c.ledger.channel(identity.account, id, client)).settled
    const chain = settlerChain({ ledger: c.ledger, account: identity.account, book, domain: c.domain, clock })
    const settler = new Settler(
      book,
      chain,
      clock,
      log,
      { exposureWei: (init.completionWei * BigInt(STRANGER_UNSECURED_POSITIONS)) / 2n, ...init.settle },
      () => accounts.refresh()
    )

    host.handle(sessionProtocol, (channel) => sessions.serve(channel))
    host.handle(grantProtocol, (channel) => standby.serveGrant(channel))
    host.handle(kvProtocol, (channel) => standby.serveKv(channel))
    host.handle(voucherProtocol, (channel) => serveVouchers({ book, log, fault }, channel))
    const pending = new PendingVouchers(() => settler.owing(), clock)
    host.handle(receiptProtocol, (channel) => serveReceipts({ receipts, pending, log }, channel))
    serveBeats(host, () => ({ sessions: sessions.active, draining: sessions.draining }), clock)
    serveModelFiles(host, [model])

    const directory = createDirectory({ host, clock, log, verifyBinding: bindingVerifier(c.domain, c.registry, clock) })
    undo.push(() => directory.close())
    await directory.start()
    keepNeighbours(host, directory, log)
    const binding = bindPeer(identity, c.domain, host.peer, clock.nowMs())
    directory.announce(() => {
      const stats = engine.stats()
      return {
        binding,
        models: [
          {
            modelId,
            manifestHash: model.manifestHash,
            name: engine.info.name,
            numerics: engine.info.numerics as `0x${string}`,
            contextMax: engine.info.contextMax,
            promptWei: init.promptWei,
            completionWei: init.completionWei,
            slotsFree: Math.max(0, stats.slots - stats.active),
            slotsTotal: stats.slots,
            prefillPerSecond: Math.round(stats.prefillTokensPerSecond),
            decodePerSecond: Math.round(stats.tokensPerSecond),
            blockBytes: engine.info.blockBytes,
            ...royalties
          }
        ],
        region: init.region,
        multiaddrs: host.multiaddrs(),
        standbyBytesFree: Math.max(0, standby.stats().bytesMax - standby.stats().bytesReserved),
        draining: sessions.draining,
        version: VERSION
      }
    })
    const settling = settler.run()
    undo.push(async () => {
      settler.stop()
      await settling
    })
    const leaving = new AbortController()
    const retention = keepRetention({ book, receipts, settledOf, clock, log }, leaving.signal)
    undo.push(async () => {
      leaving.abort()
      await retention
    })

    if (c.court !== null) {
      const accused = challengesChain({ court: c.court, registry: c.registry, account: identity.account })
      const answering = new Challenges({ chain: accused, receipts, clock, log }).run(leaving.signal)
      undo.push(async () => {
        leaving.abort()
        await answering
      })
    }

    const stop = unwind
    const drain = async (withinMs: number): Promise<void> => {
      const draining = sessions.drain(withinMs / 2)
      await directory.announceNow().catch(() => undefined)
      await draining
      await settler.settleNow().catch(() => undefined)
      await stop()
    }
    return { host, engine, sessions, standby, settler, book, directory, drain, stop }
  } catch (error) {
    await unwind()
    throw error
  }
}

/** The ledger splits what is paid for a model from when its terms are on the chain: before that, all would go to its providers. */
const reveal = async ({ models, log }: ProviderComponents, terms: ModelTerms, modelId: Bytes32): Promise<void> => {
  if ((await models.model(modelId)) !== null) return
  await models.register(terms)
  log.info({ modelId, payees: terms.payees.length }, 'the model and its payees are on the chain')
}

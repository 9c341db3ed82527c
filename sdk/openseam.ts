/** The developer's way in: OpenAI's calls, paid by a wallet, answered by whoever in the market is best, and by another when that one dies. */
import { abortable, type RequestOptions } from './api/abort.ts'
import { ChatCompletions, Completions } from './api/answers.ts'
import { Events, type SeamEvents } from './api/events.ts'
import type { Lists } from './api/lists.ts'
import { Models, Providers } from './api/market.ts'
import { type DevnetFile, type Network, networkOf } from './api/network.ts'
import { Sessions } from './api/session.ts'
import { authorise, sessionKeyOf } from './api/session-key.ts'
import { type Amount, WalletApi, weiOf } from './api/wallet.ts'
import { domainOf } from './chain/deploy.ts'
import { type AnyWallet, LedgerClient, openWallet, Rpc, Sender } from './chain/index.ts'
import { type Clock, type Log, memoryStore, type Rng, type Store, silentLog, systemClock, systemRng } from './components.ts'
import { type Connection, connect } from './connect.ts'
import { chatAsk } from './openai/convert.ts'
import type { ChatParams } from './openai/params.ts'
import { SeamError } from './protocol/errors.ts'
import type { Address } from './protocol/eth.ts'
import type { Tier } from './session/market-desk.ts'
import type { Quote } from './session/quote.ts'
import { localSigner, storeKeyOf } from './session/wallet.ts'

export interface OpenSeamOptions extends Lists {
  /** The market: `{rpc, deployment, bootstrap}`, or what a devnet wrote to `devnet.json`. */
  network: Network | DevnetFile
  /** `{secretKey}`, `{keystore, password}`, any ethers Signer, or a browser wallet (EIP-1193). */
  wallet: AnyWallet
  /** 32 bytes; for a wallet that asks its owner each time. Absent: one is made, and kept sealed in `store`. */
  sessionKey?: Uint8Array
  /** Caps that hold to the wei, over restarts too when `store` is on disk. */
  spend?: { perSession?: Amount; perDay?: Amount }
  /** Where sessions, unpaid vouchers and the day's spending survive this process. Absent: in memory only. */
  store?: Store
  /** How a session moves: from sealed blocks (default), by computing its tokens again, or whichever is cheaper. */
  tier?: Tier
  log?: Log
  clock?: Clock
  rng?: Rng
}

interface Opened {
  connection: Pick<Connection, 'client' | 'close'>
  account: Address
  ledger: LedgerClient
  storeKey: Uint8Array
  /** Settles when the ledger knows the key that signs. */
  authorised(): Promise<void>
}

/** For tests: another way to the market. */
export interface OpenSeamParts {
  connect: typeof connect
  rpc: (url: string) => Rpc
}

const realParts: OpenSeamParts = { connect, rpc: (url) => new Rpc(url) }

/**
 * One client of one account. Joins the market with the first call, or with `ready()`; `close()` waits until what was served is paid.
 *
 * @example
 * const seam = new OpenSeam({ network, wallet: { secretKey } })
 * const answer = await seam.chat.completions.create({ model: 'seam-chat', messages: [{ role: 'user', content: 'Hello' }] })
 * await seam.close()
 */
export class OpenSeam {
  readonly chat: { readonly completions: ChatCompletions }
  readonly completions: Completions
  readonly models: Models
  readonly providers: Providers
  readonly session: Sessions
  readonly wallet: WalletApi
  readonly #options: OpenSeamOptions
  readonly #parts: OpenSeamParts
  readonly #events: Events
  readonly #store: Store
  #opening: Promise<Opened> | undefined
  #closing: Promise<void> | undefined

  constructor(options: OpenSeamOptions, parts: OpenSeamParts = realParts) {
    const { log = silentLog, clock = systemClock, rng = systemRng, store = memoryStore() } = options
    this.#options = options
    this.#parts = parts
    this.#store = store
    this.#events = new Events(log)
    const looking = async () => (await this.#open()).connection.client
    const paying = async () => {
      const { connection, authorised } = await this.#open()
      await authorised()
      return connection.client
    }
    const answers = { client: paying, clock, rng }
    this.chat = { completions: new ChatCompletions(answers) }
    this.completions = new Completions(answers)
    this.models = new Models(looking, clock)
    this.providers = new Providers(looking)
    const storeKey = async () => (await this.#open()).storeKey
    this.session = new Sessions({ client: looking, completions: this.chat.completions, clock, rng, store, storeKey })
    this.wallet = new WalletApi(() => this.#open())
  }

  /** Joins the market now. Throws CHAIN_DOWN, CONFIG, KEYSTORE; after a failure it may be called again. */
  async ready(options: RequestOptions = {}): Promise<this> {
    await abortable(this.#open(), options.signal)
    return this
  }

  /** Returns how to stop listening. */
  on<Name extends keyof SeamEvents>(name: Name, listener: (event: SeamEvents[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** What a chat request could cost, before anything of it leaves this machine. */
  async estimate(params: ChatParams, options: RequestOptions = {}): Promise<Quote> {
    const { request } = chatAsk(params)
    return abortable(
      this.#open().then(({ connection }) => connection.client.quote(request)),
      options.signal
    )
  }

  /** Ends what runs, pays what was served, delivers the vouchers that can be delivered now. */
  close(): Promise<void> {
    this.#closing ??= (async () => (await this.#opening?.catch(() => undefined))?.connection.close())()
    return this.#closing
  }

  #open(): Promise<Opened> {
    if (this.#closing !== undefined) return Promise.reject(new SeamError('CANCELLED', 'this client is closed'))
    if (this.#opening === undefined) {
      const opening = this.#connect()
      this.#opening = opening
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined
      })
    }
    return this.#opening
  }

  async #connect(): Promise<Opened> {
    const { spend, sessionKey, tier, clock, rng = systemRng, log, allow, deny } = this.#options
    const { rpc: url, deployment, bootstrap } = networkOf(this.#options.network)
    const domain = domainOf(deployment)
    const wallet = await openWallet(this.#options.wallet, deployment.chainId)
    const { account } = wallet
    const store = this.#store
    const secretKey = await sessionKeyOf({ wallet, domain, store, rng, ...(sessionKey && { given: sessionKey }) })
    const rpc = this.#parts.rpc(url)
    const ledger = new LedgerClient(rpc, deployment, new Sender(rpc, wallet.signer))
    const caps = {
      ...(spend?.perSession !== undefined && { perSession: weiOf(spend.perSession) }),
      ...(spend?.perDay !== undefined && { perDay: weiOf(spend.perDay) })
    }
    const given = {
      ...(tier && { tier }),
      ...(clock && { clock }),
      ...(log && { log }),
      ...(allow && { allow }),
      ...(deny && { deny })
    }
    const connection = await this.#parts.connect({
      ...given,
      rpc: url,
      deployment,
      secretKey,
      account,
      bootstrap,
      store,
      rng,
      spend: caps,
      tap: (session, events) => this.#events.tell(session, events)
    })
    let known: Promise<void> | undefined
    const authorised = (): Promise<void> => {
      known ??= authorise(ledger, account, secretKey)
      known.catch(() => {
        known = undefined
      })
      return known
    }
    return { connection, account, ledger, storeKey: storeKeyOf(localSigner(secretKey, account)), authorised }
  }
}

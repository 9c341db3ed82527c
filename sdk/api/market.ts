/** Looking at the market: models, and providers with the reason why each would or would not serve. */
import type { MarketClient } from '../client.ts'
import type { Clock } from '../components.ts'
import type { Model } from '../openai/results.ts'
import { modelView } from '../openai/view.ts'
import { SeamError } from '../protocol/errors.ts'
import type { Address } from '../protocol/eth.ts'
import type { Surveyed } from '../session/market-desk.ts'
import { abortable, type RequestOptions } from './abort.ts'
import { type Amount, weiOf } from './wallet.ts'

export class Models {
  readonly #client: () => Promise<MarketClient>
  readonly #created: number

  /** Nobody knows when a model was made; the client's start is a time that does not move between calls. */
  constructor(client: () => Promise<MarketClient>, clock: Clock) {
    this.#client = client
    this.#created = Math.floor(clock.nowMs() / 1000)
  }

  async list({ signal }: RequestOptions = {}): Promise<{ object: 'list'; data: Model[] }> {
    const models = await abortable(
      this.#client().then((client) => client.models()),
      signal
    )
    return { object: 'list', data: models.map((model) => modelView(model, this.#created)) }
  }

  /** Throws MODEL_UNKNOWN. */
  async retrieve(id: string, options: RequestOptions = {}): Promise<Model> {
    const model = (await this.list(options)).data.find((row) => row.id === id)
    if (model === undefined) throw new SeamError('MODEL_UNKNOWN', `nobody offers the model ${JSON.stringify(id.slice(0, 100))}`)
    return model
  }
}

export interface ProvidersQuery {
  model: string
  /** Prompt and answer together; default 1. */
  positions?: number
  /** Per million positions. */
  maxPrice?: Amount
}

export interface ProviderView {
  /** libp2p peer id. */
  provider: string
  account: Address
  region: string
  multiaddrs: string[]
  /** Wei per position. */
  price: { prompt: bigint; completion: bigint }
  contextMax: number
  slots: { free: number; total: number }
  /** Tokens a second, as it declares them. */
  speed: { prefill: number; decode: number }
  /** Null: it could serve this request now. */
  excluded: { code: string; detail: string } | null
}

export class Providers {
  readonly #client: () => Promise<MarketClient>

  constructor(client: () => Promise<MarketClient>) {
    this.#client = client
  }

  /** Every provider of a model. Whoever would not be chosen says why. */
  async list({ model, positions = 1, maxPrice }: ProvidersQuery, { signal }: RequestOptions = {}): Promise<ProviderView[]> {
    const want = { model, positions, ...(maxPrice !== undefined && { maxWeiPerMillion: weiOf(maxPrice) }) }
    const rows = await abortable(
      this.#client().then((client) => client.providers(want)),
      signal
    )
    return rows.map(providerView)
  }
}

const providerView = ({ offer, model, reason }: Surveyed): ProviderView => ({
  provider: offer.peerId,
  account: offer.account,
  region: offer.region,
  multiaddrs: [...offer.multiaddrs],
  price: { prompt: model.promptWei, completion: model.completionWei },
  contextMax: model.contextMax,
  slots: { free: model.slotsFree, total: model.slotsTotal },
  speed: { prefill: model.prefillPerSecond, decode: model.decodePerSecond },
  excluded: reason
})

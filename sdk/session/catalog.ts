/** Models as the market names them: a name to a model id, its price and context, and the text layer made from its own files. */
import type { PeerKey } from '../components.ts'
import type { OfferView } from '../market/offer.ts'
import { SeamError } from '../protocol/errors.ts'
import type { Bytes32 } from '../protocol/eth.ts'
import { modelIdOf } from '../protocol/typed-data.ts'
import { loadText, type TextModel } from '../text/index.ts'
import type { ModelView } from './types.ts'

export interface KnownModel {
  name: string
  modelId: Bytes32
  manifestHash: Bytes32
  contextMax: number
  blockBytes: number
  royalties: ModelView['royalties']
}

export type FetchFiles = (peer: PeerKey, model: KnownModel, multiaddrs: string[]) => Promise<Map<string, Uint8Array>>

/** An offer whose model id is not made from its own manifest and shares would bring a foreign tokenizer under an honest name: it is not seen. */
const honest = ({ modelId, manifestHash, payees, bps }: OfferView['models'][number]): boolean =>
  modelIdOf(manifestHash, payees, bps) === modelId

const offersOf = (offers: OfferView[], name: string): { offer: OfferView; model: OfferView['models'][number] }[] =>
  offers.flatMap((offer) =>
    offer.models
      .filter((model) => (model.name === name || model.modelId === name) && honest(model))
      .map((model) => ({ offer, model }))
  )

export class Catalog {
  readonly #offers: () => OfferView[]
  readonly #fetch: FetchFiles
  readonly #texts = new Map<string, Promise<TextModel>>()

  constructor(offers: () => OfferView[], fetch: FetchFiles) {
    this.#offers = offers
    this.#fetch = fetch
  }

  /** The model that most peers offer under this name. Names are not unique; a model id is. */
  find(name: string): KnownModel {
    const byId = new Map<string, { count: number; known: KnownModel }>()
    for (const { model } of offersOf(this.#offers(), name)) {
      const seen = byId.get(model.modelId)
      const known = {
        name: model.name,
        modelId: model.modelId,
        manifestHash: model.manifestHash,
        contextMax: model.contextMax,
        blockBytes: model.blockBytes,
        royalties: model.payees.map((account, i) => ({ account, bps: model.bps[i] ?? 0 }))
      }
      if (seen === undefined) byId.set(model.modelId, { count: 1, known })
      else {
        seen.count += 1
        seen.known.contextMax = Math.max(seen.known.contextMax, model.contextMax)
      }
    }
    const best = [...byId.values()].sort((a, b) => b.count - a.count)[0]
    if (best === undefined) {
      const names = this.#names()
      if (names.length === 0)
        throw new SeamError('NO_PROVIDER', 'no provider is on offer right now: try again in a moment', {
          detail: { excluded: [] }
        })
      throw new SeamError('MODEL_UNKNOWN', `nobody offers the model ${JSON.stringify(name)}; on offer: ${names.join(', ')}`, {
        detail: { param: 'model' }
      })
    }
    return best.known
  }

  #names(): string[] {
    const models = this.#offers().flatMap((offer) => offer.models.filter(honest))
    return [...new Set(models.map(({ name }) => name))].sort()
  }

  list(): ModelView[] {
    return this.#names().map((name) => {
      const { modelId, contextMax, royalties } = this.find(name)
      const rows = offersOf(this.#offers(), modelId)
      const least = (of: (row: (typeof rows)[number]) => bigint): bigint =>
        rows.map(of).sort((a, b) => (a < b ? -1 : 1))[0] as bigint
      const price = { prompt: least((row) => row.model.promptWei), completion: least((row) => row.model.completionWei) }
      return { id: name, modelId, contextMax, providers: rows.length, price, royalties }
    })
  }

  /** Tokenizer and chat template, from any peer that serves the model; checked against the manifest hash, loaded once. */
  text(model: KnownModel): Promise<TextModel> {
    const held = this.#texts.get(model.manifestHash)
    if (held !== undefined) return held
    const loading = this.#load(model)
    this.#texts.set(model.manifestHash, loading)
    loading.catch(() => this.#texts.delete(model.manifestHash))
    return loading
  }

  async #load(model: KnownModel): Promise<TextModel> {
    let last: unknown = new SeamError('MODEL_UNKNOWN', `nobody offers the model ${model.name} any more`)
    for (const { offer } of offersOf(this.#offers(), model.modelId)) {
      try {
        const files = await this.#fetch(offer.peer, model, offer.multiaddrs)
        const json = (path: string): object | undefined => {
          const bytes = files.get(path)
          return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as object)
        }
        const tokenizer = json('tokenizer.json')
        const tokenizerConfig = json('tokenizer_config.json')
        if (tokenizer === undefined || tokenizerConfig === undefined)
          throw new SeamError('MODEL_FILE_MISSING', 'the model has no tokenizer files')
        return loadText({
          tokenizer,
          tokenizerConfig,
          generationConfig: json('generation_config.json'),
          config: json('config.json')
        })
      } catch (error) {
        last = error
      }
    }
    throw last
  }
}

/**
 * Brings the names of models from whoever offers them (docs/spec/explorer.md). A model id commits to the hash of its manifest, so an offer that
 * fits the id, and bytes that fit the hash, prove the name, whoever showed them.
 */
import type { Clock, Log } from 'openseam/components'
import { readManifest } from 'openseam/net/model-manifest'
import { codeOf } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { modelIdOf } from 'openseam/protocol/typed-data'
import type { IndexStore } from './index-store.ts'
import { nameIn } from './model-name.ts'
import type { Names } from './names.ts'
import { keys } from './rows.ts'

/** A model as one peer offers it; nothing of it is believed. */
export interface OfferedModel {
  /** Who is asked: one that does not answer has its turn later. */
  account: Address
  modelId: Bytes32
  manifestHash: Bytes32
  payees: Address[]
  bps: number[]
  /** The bytes of the manifest, as this peer shows them. Throws MODEL_*, NET_*. */
  manifest(signal: AbortSignal): Promise<Uint8Array>
}

export interface ModelPeers {
  /** What is offered now. */
  models(): OfferedModel[]
}

export interface NamerComponents {
  store: IndexStore
  names: Names
  peers: ModelPeers
  clock: Clock
  log: Log
}

const LOOK_MS = 10_000
const FETCH_MS = 15_000 // a manifest has a mebibyte at most
const READ_AT_ONCE = 256
const BACKOFF_MS_MIN = 30_000
const BACKOFF_MS_MAX = 600_000
const REMEMBERED_MAX = 4_096

export class Namer {
  readonly #c: NamerComponents
  /** Of accounts that did not answer, or showed what is no manifest. */
  readonly #failed = new Map<Address, { failures: number; notBeforeMs: number }>()

  constructor(components: NamerComponents) {
    this.#c = components
  }

  /** Until aborted. Never throws for a peer or a store. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#c
    while (!signal.aborted) {
      await this.#look(signal).catch((error) => log.error({ error: String(error) }, 'names of models cannot be kept'))
      await clock.sleep(LOOK_MS, signal).catch(() => undefined)
    }
  }

  /** Every model that is offered, was paid for and was not looked into: one after the other, since they are few and never change. */
  async #look(signal: AbortSignal): Promise<void> {
    const offered = Map.groupBy(this.#c.peers.models(), ({ modelId }) => modelId)
    const ids = [...offered.keys()]
    for (let i = 0; i < ids.length; i += READ_AT_ONCE) {
      for (const modelId of await this.#unnamed(ids.slice(i, i + READ_AT_ONCE))) {
        const model = offered.get(modelId)?.find((one) => this.#isDue(one.account) && fitsItsId(one))
        if (model !== undefined && !signal.aborted) await this.#name(model, signal)
      }
    }
  }

  async #unnamed(ids: readonly Bytes32[]): Promise<Bytes32[]> {
    const { store } = this.#c
    const found = await store.getMany([...ids.map(keys.model), ...ids.map(keys.modelName)])
    return ids.filter((_id, i) => found[i] !== undefined && found[i + ids.length] === undefined)
  }

  /** Throws what the store throws. Whatever a peer does is its own: it has its turn again later. */
  async #name({ account, modelId, manifestHash, manifest }: OfferedModel, signal: AbortSignal): Promise<void> {
    const { names, log } = this.#c
    let name: string | null
    try {
      const bytes = await this.#inTime(manifest, signal)
      readManifest(bytes, manifestHash)
      name = nameIn(bytes)
    } catch (error) {
      if (!signal.aborted) this.#postpone(account)
      return log.debug({ account, modelId, code: codeOf(error) }, 'a manifest that is not shown')
    }
    this.#failed.delete(account)
    await names.keep(modelId, name)
    log.info({ modelId, name }, 'a model is named by its manifest')
  }

  async #inTime<Value>(ask: (until: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const late = new AbortController()
    const over = new AbortController()
    void this.#c.clock.sleep(FETCH_MS, over.signal).then(
      () => late.abort(),
      () => undefined
    )
    try {
      return await ask(AbortSignal.any([signal, late.signal]))
    } finally {
      over.abort()
    }
  }

  #isDue(account: Address): boolean {
    return (this.#failed.get(account)?.notBeforeMs ?? 0) <= this.#c.clock.tickMs()
  }

  /** The oldest is forgotten first: it is only asked sooner. */
  #postpone(account: Address): void {
    const failures = (this.#failed.get(account)?.failures ?? 0) + 1
    const restMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (failures - 1))
    this.#failed.delete(account)
    this.#failed.set(account, { failures, notBeforeMs: this.#c.clock.tickMs() + restMs })
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > REMEMBERED_MAX) this.#failed.delete(oldest as Address)
  }
}

/** Shares that no model can have were refused with the offer. */
const fitsItsId = ({ modelId, manifestHash, payees, bps }: OfferedModel): boolean =>
  modelIdOf(manifestHash, payees, bps) === modelId

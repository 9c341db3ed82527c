import { expect } from 'chai'
import { Rpc } from 'openseam/chain/rpc'
import { foldEvents } from '../../../node/explorer/fold.ts'
import { createExplorer, type Indexer, Namer, Names, openIndexStore, Publisher } from '../../../node/explorer/index.ts'
import type { IndexStore } from '../../../node/explorer/index-store.ts'
import { nameIn } from '../../../node/explorer/model-name.ts'
import type { OfferedModel } from '../../../node/explorer/namer.ts'
import { Overlay } from '../../../node/explorer/overlay.ts'
import { type EventRow, isOfReceipts, keys } from '../../../node/explorer/rows.ts'
import { type Clock, silentLog, systemClock } from '../../../sdk/components.ts'
import { sha256Of } from '../../../sdk/net/model-manifest.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import type { Address, Bytes32, Hex } from '../../../sdk/protocol/eth.ts'
import { modelIdOf } from '../../../sdk/protocol/typed-data.ts'
import { until } from '../../e2e/lib/until.ts'
import { addressOf, deployment as noModels } from './fake-chain.ts'
import { folders } from './index-states.ts'

const deployment = { ...noModels, models: addressOf('models'), court: addressOf('court') }
const hurried: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now() * 1_000,
  sleep: (ms, signal) => systemClock.sleep(ms / 1_000, signal)
}

const bytesOf = (name: unknown): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ name, files: [{ path: 'config.json', size: 1, sha256: 'ab'.repeat(32) }] }))

/** A model whose manifest says `name`, as `account` offers it. */
const offered = (name: unknown, account: string, payees: Address[] = []): OfferedModel => {
  const bytes = bytesOf(name)
  const manifestHash = sha256Of(bytes) as Bytes32
  const bps = payees.map(() => 10)
  const modelId = modelIdOf(manifestHash, payees, bps)
  return { account: addressOf(account), modelId, manifestHash, payees, bps, manifest: async () => bytes }
}

describe('names and tags', () => {
  const dirs = folders()
  let store: IndexStore
  let names: Names
  let app: ReturnType<typeof createExplorer>['app']
  let logs = 0

  beforeEach(async () => {
    store = await openIndexStore(dirs.make())
    names = new Names(store)
    const indexer = { cursor: null, head: 0, onChange: () => () => undefined } as unknown as Indexer
    const common = { store, indexer, publisher: new Publisher(store, deployment), deployment, log: silentLog }
    const rpc = new Rpc('http://127.0.0.1:9') // nothing here asks it
    app = createExplorer({ ...common, rpc, names, clock: systemClock, version: '0' }).app
  })
  afterEach(() => store.close())
  after(() => dirs.remove())

  const get = async (path: string): Promise<any> => (await app.request(path)).json()
  const find = async (q: string): Promise<string[]> => (await get(`/api/search?q=${encodeURIComponent(q)}`)).items
  const happen = async (...events: object[]): Promise<void> => {
    const rows = new Overlay(store)
    const place = () => ({ block: 1, logIndex: logs++, transaction: `0x${'0c'.repeat(32)}` as Hex, at: 1 })
    await foldEvents(rows, events.map((event) => ({ ...event, ...place() })) as EventRow[])
    await store.batch(rows.writes())
  }
  const pay = ({ modelId }: OfferedModel): Promise<void> => {
    const paid = [{ client: addressOf('client'), amount: 5n }]
    return happen({ name: 'GroupSettled', provider: addressOf('provider'), modelId, royalty: 0n, paid })
  }

  describe('what the chain says an account is', () => {
    const tags = async (account: string): Promise<any> => get(`/api/accounts/${addressOf(account)}/tags`)

    it('names the contracts, and finds them by their names', async () => {
      for (const name of ['Ledger', 'Registry', 'Token', 'Models', 'Court']) {
        const account = name.toLowerCase()
        expect(await tags(account)).to.deep.equal({ items: [{ tag: 'contract', name }], more: false })
        expect(await find(name.slice(0, 3).toUpperCase())).to.deep.equal([`/api/accounts/${addressOf(account)}/tags`])
        expect(await find(addressOf(account))).to.deep.equal([`/api/accounts/${addressOf(account)}/tags`])
      }
      expect(await find('l'), 'two letters at least').to.deep.equal([])
    })

    it('tells clients, providers, their keys and who shares in models, and finds each', async () => {
      const [model, other] = [offered('one', 'provider').modelId, offered('two', 'provider').modelId]
      const [provider, key] = [addressOf('provider'), addressOf('key')]
      await happen(
        { name: 'Registered', provider, payout: provider },
        { name: 'KeyAdded', provider, key: provider },
        { name: 'KeyAdded', provider, key },
        { name: 'Deposited', from: addressOf('client'), client: addressOf('client'), amount: 1n },
        ...[model, other].map((modelId) => {
          return { name: 'ModelRegistered', modelId, manifestHash: model, payees: [addressOf('author')], bps: [10] }
        })
      )
      expect((await tags('provider')).items).to.deep.equal([{ tag: 'provider' }])
      expect((await tags('client')).items).to.deep.equal([{ tag: 'client' }])
      expect((await tags('key')).items).to.deep.equal([{ tag: 'key', of: provider, revoked: false }])
      const shares = [model, other].sort().map((of) => ({ tag: 'payee', of }))
      expect((await tags('author')).items).to.deep.equal(shares)
      expect((await tags('nobody')).items).to.deep.equal([])
      expect(await find(provider)).to.deep.equal([`/api/providers/${provider}`])
      for (const account of ['key', 'author'].map(addressOf)) {
        expect(await find(account.slice(0, 10))).to.deep.equal([`/api/accounts/${account}/tags`])
      }
      await happen({ name: 'KeyRevoked', provider, key })
      expect((await tags('key')).items).to.deep.equal([{ tag: 'key', of: provider, revoked: true }])
    })

    it('names so many models as a page can show, and says that there are more', async () => {
      for (let i = 0; i < 9; i++) {
        const { modelId } = offered(`model ${i}`, 'provider')
        await happen({ name: 'ModelRegistered', modelId, manifestHash: modelId, payees: [addressOf('author')], bps: [10] })
      }
      const { items, more } = await tags('author')
      expect([items.length, more]).to.deep.equal([8, true])
    })
  })

  describe('names of models', () => {
    const stops: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop()
    })
    const follow = (models: () => OfferedModel[]): void => {
      const stop = new AbortController()
      const running = new Namer({ store, names, peers: { models }, clock: hurried, log: silentLog }).run(stop.signal)
      stops.push(() => {
        stop.abort()
        return running
      })
    }
    const nameOf = async ({ modelId }: OfferedModel): Promise<any> => (await get(`/api/models/${modelId}`)).named

    it('come from the manifest that the id commits to, and lead back to the model', async () => {
      const plain = offered('seam-chat', 'provider')
      const shared = offered('Other model', 'provider', [addressOf('author')])
      await pay(plain)
      await pay(shared)
      expect(await nameOf(plain)).to.equal(null)
      follow(() => [plain, shared])
      await until('both names', () => names.changes === 2)
      expect(await nameOf(plain)).to.deep.equal({ modelId: plain.modelId, name: 'seam-chat', shared: false })
      expect(await find('SEAM-')).to.deep.equal([`/api/models/${plain.modelId}`])
      expect(await find('other MODEL')).to.deep.equal([`/api/models/${shared.modelId}`])
      const listed = (await get('/api/names')).items.map(({ name }: any) => name)
      expect(listed).to.have.members(['seam-chat', 'Other model'])
      for (const row of [keys.modelName(plain.modelId), keys.modelsNamed('x')]) expect(isOfReceipts(row), row).to.equal(true)
    })

    it('that two models have are said to be shared, however they are written', async () => {
      const one = offered('seam-chat', 'provider')
      const two = offered('Seam-Chat', 'provider')
      for (const { modelId } of [one, two, one]) await names.keep(modelId, modelId === one.modelId ? 'seam-chat' : 'Seam-Chat')
      expect((await get('/api/names')).items.map(({ shared }: any) => shared)).to.deep.equal([true, true])
      expect(await find('seam')).to.have.members([one, two].map(({ modelId }) => `/api/models/${modelId}`))
    })

    it('are nobody’s word: an offer that does not fit the id, or bytes that do not fit the hash, name nothing', async () => {
      const honest = offered('honest', 'provider')
      const liar = offered('famous', 'liar')
      const forged = { ...honest, manifestHash: liar.manifestHash, manifest: liar.manifest, account: liar.account }
      const swapped = { ...honest, manifest: liar.manifest, account: addressOf('swapper') }
      await pay(honest)
      let models: OfferedModel[] = [forged, swapped]
      let asked = 0
      follow(() => {
        asked++
        return models
      })
      await until('them to be asked', () => asked > 3)
      expect(await nameOf(honest)).to.equal(null)
      models = [forged, swapped, honest]
      await until('the name', async () => (await nameOf(honest))?.name === 'honest')
    })

    it('are asked for in time, of whoever is there, only where the model was paid for, and once', async () => {
      const model = offered('slow', 'stalls')
      let [stalled, refused, asked] = [0, 0, 0]
      const stalls = (signal: AbortSignal): Promise<never> => {
        stalled++
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
      const refuses = async (): Promise<never> => {
        refused++
        throw new SeamError('INTERNAL', 'a code that nobody knows')
      }
      const answers = async (): Promise<Uint8Array> => {
        asked++
        return bytesOf('slow')
      }
      const unpaid = offered('unpaid', 'good')
      await pay(model)
      follow(() => [
        { ...model, manifest: stalls },
        { ...model, manifest: refuses, account: addressOf('refuses') },
        { ...model, manifest: answers, account: addressOf('good') },
        unpaid
      ])
      await until('the name', async () => (await nameOf(model))?.name === 'slow')
      await pay(unpaid)
      await until('the other', async () => (await nameOf(unpaid))?.name === 'unpaid')
      expect(asked).to.equal(1)
      expect(
        [stalled, refused].every((times) => times > 0),
        'who failed had its turn'
      ).to.equal(true)
    })

    it('are short, plain and like no id; a manifest without such a one is not asked for again', async () => {
      for (const name of ['a', 'seam-chat', 'Qwen 2.5 (7B)', 'x'.repeat(64)]) expect(nameIn(bytesOf(name)), name).to.equal(name)
      const bad = ['', ' a', 'a ', 'x'.repeat(65), 'a\u202eb', 'a\nb', 'ѕeam', 'a\u200bb', '0xabcd', 7, null, { wei: 'x' }]
      for (const name of bad) expect(nameIn(bytesOf(name)), String(name)).to.equal(null)
      const model = offered('a\u202eb', 'provider')
      let asked = 0
      const manifest = (signal: AbortSignal): Promise<Uint8Array> => {
        asked++
        return model.manifest(signal)
      }
      await pay(model)
      follow(() => [{ ...model, manifest }])
      await until('it to be looked into', () => names.changes === 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect([asked, await nameOf(model), (await get('/api/names')).items]).to.deep.equal([1, null, []])
    })
  })
})

import { expect } from 'chai'
import type { ModelOfferView, OfferView } from 'openseam/market/offer'
import { modelIdOf } from 'openseam/protocol/typed-data'
import { Catalog, type FetchFiles } from 'openseam/session/catalog'
import { modelOffer, offer } from '../market/support/offers.ts'
import { codeOfRejection, codeThrown, hash } from './support.ts'

/** An honest offer: the id is made from the manifest. */
const model = (manifest: string, changes: Partial<ModelOfferView> = {}): ModelOfferView =>
  modelOffer({ manifestHash: hash(manifest), modelId: modelIdOf(hash(manifest)), ...changes })
const from = (...lists: ModelOfferView[][]): OfferView[] => lists.map((models, i) => offer(i, { models }))
const nothing: FetchFiles = () => Promise.reject(new Error('not asked for'))
const catalog = (offers: OfferView[], fetch = nothing): Catalog => new Catalog(() => offers, fetch)

describe('catalog', () => {
  it('finds a model by name or by id', () => {
    const known = catalog(from([model('a', { name: 'small' })], [model('b', { name: 'large' })]))
    expect(known.find('large').modelId).to.equal(modelIdOf(hash('b')))
    expect(known.find(modelIdOf(hash('a'))).name).to.equal('small')
  })

  it('of two models with one name, takes the one that most peers offer, wherever it stands', () => {
    const offers = from([model('rare')], [model('common')], [model('common')])
    for (const list of [offers, offers.toReversed()])
      expect(catalog(list).find('seam-chat').modelId).to.equal(modelIdOf(hash('common')))
  })

  it('takes the longest context on offer', () => {
    expect(
      catalog(from([model('a', { contextMax: 512 })], [model('a', { contextMax: 1_024 })])).find('seam-chat').contextMax
    ).to.equal(1_024)
  })

  it('does not see a model whose id is not made from its manifest, however many offer it', () => {
    const forged = model('evil', { modelId: modelIdOf(hash('a')), contextMax: 9 })
    const known = catalog(from([forged], [forged], [model('a')]))
    expect(known.find(modelIdOf(hash('a'))).manifestHash).to.equal(hash('a'))
    expect(known.find('seam-chat').contextMax).to.equal(1_024)
    expect(known.list().map(({ id, providers }) => [id, providers])).to.deep.equal([['seam-chat', 1]])
  })

  it('sees a model with shares under the id that holds them, and under no other', () => {
    const terms = { payees: [`0x${'d4'.repeat(20)}` as const], bps: [250] }
    const shared = modelIdOf(hash('a'), terms.payees, terms.bps)
    const known = catalog(from([model('a')], [model('a', { modelId: shared, ...terms })]))
    expect(known.find(shared)).to.deep.include({ modelId: shared, royalties: [{ account: terms.payees[0], bps: 250 }] })
    expect(known.find(modelIdOf(hash('a'))).modelId).to.equal(modelIdOf(hash('a')))
    for (const forged of [
      model('a', terms),
      model('a', { modelId: shared }),
      model('a', { modelId: shared, ...terms, bps: [251] })
    ])
      expect(catalog(from([forged])).list()).to.deep.equal([])
  })

  it('a forged offer under a name of its own breaks no listing', () => {
    const forged = model('evil', { modelId: modelIdOf(hash('a')), name: 'evil' })
    expect(
      catalog(from([forged], [model('a')]))
        .list()
        .map(({ id }) => id)
    ).to.deep.equal(['seam-chat'])
  })

  it('lists each model once, with the lowest price of any peer', () => {
    const offers = from(
      [model('a', { promptWei: 5n, completionWei: 9n })],
      [model('a', { promptWei: 6n, completionWei: 8n })],
      [model('b', { name: 'other' })]
    )
    const [other, chat, ...rest] = catalog(offers).list()
    expect(rest).to.deep.equal([])
    expect(other?.id).to.equal('other')
    expect(chat).to.deep.equal({
      id: 'seam-chat',
      modelId: modelIdOf(hash('a')),
      contextMax: 1_024,
      providers: 2,
      price: { prompt: 5n, completion: 8n },
      royalties: []
    })
  })

  it('tells an unknown model from an empty market, and names what there is', () => {
    expect(codeThrown(() => catalog([]).find('seam-chat'))).to.equal('NO_PROVIDER')
    expect(codeThrown(() => catalog(from([model('a')])).find('gpt'))).to.equal('MODEL_UNKNOWN')
    expect(() => catalog(from([model('a')])).find('gpt')).to.throw('seam-chat')
  })

  it('asks the next peer for the tokenizer when one cannot give it, and fails with the last reason', async () => {
    const offers = from([model('a')], [model('a')])
    const asked: string[] = []
    const known = catalog(offers, async (peer) => {
      asked.push(peer)
      return new Map()
    })
    const found = known.find('seam-chat')
    expect(await codeOfRejection(known.text(found))).to.equal('MODEL_FILE_MISSING')
    expect(asked).to.deep.equal(offers.map(({ peer }) => peer))
    await codeOfRejection(known.text(found)) // a failure is not kept
    expect(asked).to.have.length(4)
  })
})

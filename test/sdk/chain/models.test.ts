import { expect } from 'chai'
import { type ChainEvent, currencyBalance, ModelsClient, readEvents, revertOf } from '../../../sdk/chain/index.ts'
import { type Address, type Bytes32, ZERO_ADDRESS } from '../../../sdk/protocol/eth.ts'
import { royaltyOf, splitRoyalty } from '../../../sdk/protocol/royalties.ts'
import { modelIdOf } from '../../../sdk/protocol/typed-data.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from '../../contracts/market.ts'

const manifestHash = hashOf('royal manifest')
const owner = named('owner').address
const data = named('data').address
const terms = { manifestHash, payees: [owner, data], bps: [1_000, 333] }
const modelId = modelIdOf(manifestHash, terms.payees, terms.bps)

/** Everyone's lifetime earnings from events alone, as an indexer would keep them. */
const booksOf = (events: readonly ChainEvent[]): { providers: Map<Address, bigint>; payees: Map<string, bigint> } => {
  const models = new Map<Bytes32, { bps: number[]; gross: bigint }>()
  const providers = new Map<Address, bigint>()
  const payees = new Map<string, bigint>()
  const add = <K>(map: Map<K, bigint>, key: K, wei: bigint): void => void map.set(key, (map.get(key) ?? 0n) + wei)
  for (const event of events) {
    if (event.name === 'ModelRegistered') models.set(event.modelId, { bps: event.bps, gross: 0n })
    if (event.name !== 'GroupSettled') continue
    const paid = event.paid.reduce((sum, { amount }) => sum + amount, 0n)
    const model = models.get(event.modelId)
    const { parts, counted } = splitRoyalty(model?.bps ?? [], model?.gross ?? 0n, paid)
    if (model !== undefined) model.gross = counted
    const royalty = parts.reduce((sum, part) => sum + part, 0n)
    expect(royalty).to.equal(event.royalty)
    add(providers, event.provider, paid - royalty)
    for (const [i, part] of parts.entries()) add(payees, `${event.modelId}:${i}`, part)
  }
  return { providers, payees }
}

for (const money of ['token', 'native'] as const) {
  describe(`models client, ${money}`, function () {
    this.timeout(60_000)
    let market: Market
    let first: Person
    let second: Person
    let client: Person

    before(async () => {
      market = await startMarket(money === 'native' ? { token: ZERO_ADDRESS } : {})
      first = await market.person('first provider')
      second = await market.person('second provider')
      client = await market.person('paying client')
      await client.ledger.deposit(client.wallet.address, 10n * OPEN)
    })
    after(() => market.close())

    const settle = (provider: Person, id: Bytes32, cumulative: bigint): Promise<unknown> =>
      provider.ledger.settle([{ modelId: id, items: [market.voucher(client.wallet, provider.wallet, id, cumulative)] }])

    it('registers for anyone, once, and reads the terms back', async () => {
      expect(await client.models.model(modelId)).to.equal(null)
      expect(await client.models.register(terms)).to.equal(modelId)
      expect(await second.models.register(terms)).to.equal(modelId)
      expect(await client.models.model(modelId)).to.deep.equal(terms)
      expect(await client.ledger.royalty(modelId)).to.deep.equal({ bps: [1_000, 333], gross: 0n })
      const greedy = { ...terms, bps: [3_000, 1] }
      expect(revertOf(await client.models.register(greedy).catch((error) => error))).to.equal('RoyaltyTooHigh')
    })

    it('takes sixteen payees within its gas', async () => {
      const payees = Array.from({ length: 16 }, (_, i) => named(`payee ${i}`).address)
      const many = { manifestHash, payees, bps: payees.map(() => 187) }
      expect(await client.models.model(await client.models.register(many))).to.deep.equal(many)
    })

    it('lets anyone recompute every part from events, to the wei', async () => {
      for (const [i, provider] of [first, second, first, second, first].entries()) {
        await settle(provider, modelId, BigInt(i + 1) * 123_456_789n + 7n)
        await settle(provider, hashOf('free model'), BigInt(i + 1) * 1_001n)
      }
      const events: ChainEvent[] = []
      for await (const event of readEvents(market.rpc, market.deployment, 0, await market.rpc.blockNumber())) events.push(event)
      const { providers, payees } = booksOf(events)
      for (const person of [first, second]) {
        expect((await person.ledger.earned(person.wallet.address)).lifetime).to.equal(providers.get(person.wallet.address))
      }
      const { gross } = await client.ledger.royalty(modelId)
      for (const [i, bps] of terms.bps.entries()) {
        const { lifetime, amount } = await client.ledger.royaltyOf(modelId, i)
        expect([lifetime, amount]).to.deep.equal([payees.get(`${modelId}:${i}`), lifetime])
        expect(lifetime).to.equal(royaltyOf(bps, gross))
      }
    })

    it('pays a payee when anyone asks, and the ledger keeps exactly the rest', async () => {
      const { amount } = await client.ledger.royaltyOf(modelId, 0)
      const before = await currencyBalance(market.rpc, market.deployment, owner)
      await second.ledger.claimRoyalty(modelId, 0)
      expect((await currencyBalance(market.rpc, market.deployment, owner)) - before).to.equal(amount)
      expect((await client.ledger.royaltyOf(modelId, 0)).amount).to.equal(0n)
      expect(revertOf(await second.ledger.claimRoyalty(modelId, 0).catch((error) => error))).to.equal('NoRoyalty')
      let owed = (await client.ledger.account(client.wallet.address)).balance
      for (const { wallet, ledger } of [first, second]) owed += (await ledger.earned(wallet.address)).amount
      for (const i of [0, 1]) owed += (await client.ledger.royaltyOf(modelId, i)).amount
      expect(await currencyBalance(market.rpc, market.deployment, market.deployment.ledger)).to.equal(owed)
    })

    it('writes nothing without a wallet', async () => {
      const reader = new ModelsClient(market.rpc, market.deployment)
      expect((await reader.register(terms).catch((error) => error)).code).to.equal('CONFIG')
    })
  })
}

// Gas of every operation, from transaction receipts, against the committed figures: within 1 %, and under the ceilings of
// docs/spec/money.md. GAS_WRITE=1 writes test/contracts/gas.json anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Ledger, Models, Registry } from '../../sdk/chain/artifacts.ts'
import { domainOf } from '../../sdk/chain/index.ts'
import { addressOf, type Bytes32, keccak256 } from '../../sdk/protocol/eth.ts'
import { signTyped } from '../../sdk/protocol/typed-data.ts'
import { hashOf, type Market, named, OPEN, type Person, startMarket } from './market.ts'

const file = join(import.meta.dirname, 'gas.json')
const ceilings: Record<string, number> = {
  'settle 100, a voucher': 22_500,
  'settle 100 first contacts, a voucher': 41_500,
  'settle 1': 83_000,
  '100 sessions of 10 clients, a session': 2_800,
  'settle 100, a voucher, two payees': 22_500,
  'settle 100 first contacts, a voucher, two payees': 41_500,
  'settle 1, two payees': 94_000,
  '100 sessions of 10 clients, a session, two payees': 2_900,
  'ledger bytes': 20_000
}
const TOLERANCE = 0.01

describe('gas', function () {
  this.timeout(60_000)
  const model = hashOf('gas model')
  const clients = Array.from({ length: 100 }, (_, i) => named(`gas client ${i}`))
  const figures: Record<string, number> = {
    'ledger bytes': Ledger.runtimeBytes,
    'registry bytes': Registry.runtimeBytes,
    'models bytes': Models.runtimeBytes
  }
  let market: Market
  let provider: Person
  let client: Person

  before(async () => {
    market = await startMarket()
    provider = await market.person('gas provider')
    client = await market.person('gas payer')
    await provider.registry.register(provider.wallet.address, 1_000n * OPEN)
    for (const { address } of clients) await market.admin.ledger.deposit(address, OPEN)
  })
  after(() => market.close())

  const settle = async (name: string, modelId: Bytes32, count: number, cumulative: bigint, share = 1): Promise<void> => {
    const items = clients.slice(0, count).map((payer) => market.voucher(payer, provider.wallet, modelId, cumulative, 1_000))
    const { receipt, batch } = await provider.ledger.settle([{ modelId, items }])
    expect(batch?.count).to.equal(count)
    figures[name] = Math.round(receipt.gasUsed / share)
  }

  /** `note` goes behind every name. The provider's own slots are warm in the sense that counts: it has settled before. */
  const settleAll = async (modelId: Bytes32, note: string, price: bigint): Promise<void> => {
    await provider.ledger.settle([{ modelId, items: [market.voucher(client.wallet, provider.wallet, modelId, price)] }])
    await settle(`settle 100 first contacts, a voucher${note}`, modelId, 100, price, 100)
    await settle(`settle 1${note}`, modelId, 1, 2n * price)
    await settle(`settle 10, a voucher${note}`, modelId, 10, 3n * price, 10)
    await settle(`settle 100, a voucher${note}`, modelId, 100, 4n * price, 100)
    await settle(`100 sessions of 10 clients, a session${note}`, modelId, 10, 5n * price, 100)
  }

  it('measures', async () => {
    const price = OPEN / 1_000n
    figures['deposit, first'] = (await client.ledger.deposit(client.wallet.address, OPEN)).gasUsed
    figures['deposit, again'] = (await client.ledger.deposit(client.wallet.address, OPEN)).gasUsed
    for (const [name, upTo] of [
      ['first', price],
      ['again', 2n * price]
    ] as const) {
      const value = { client: client.wallet.address, provider: provider.wallet.address, modelId: model, upTo, deadline: 2 ** 39 }
      const signature = signTyped(domainOf(market.deployment), 'Prefund', value, client.wallet.secretKey)
      figures[`prefund, ${name}`] = (await provider.ledger.prefund(value, signature)).gasUsed
    }
    await settleAll(model, '', price)
    const terms = { manifestHash: model, payees: [named('owner').address, named('data').address], bps: [1_000, 333] }
    const owned = await provider.models.register(terms)
    await settleAll(owned, ', two payees', price)
    figures['claimRoyalty, first'] = (await client.ledger.claimRoyalty(owned, 0)).gasUsed
    figures['claim'] = (await provider.ledger.claim(provider.wallet.address)).gasUsed
    figures['startExit'] = (await client.ledger.startExit(OPEN)).gasUsed
    await market.passSeconds(86_400)
    figures['finishExit'] = (await client.ledger.finishExit()).gasUsed
    figures['setSigner'] = (await client.ledger.setSigner(named('gas session key').address)).gasUsed
    figures['addKey'] = (await provider.registry.addKey(keccak256(new Uint8Array([1])))).gasUsed
    expect(await provider.registry.keyOwner(addressOf(keccak256(new Uint8Array([1]))))).to.equal(provider.wallet.address)
  })

  it('stays under the ceilings', () => {
    for (const [name, ceiling] of Object.entries(ceilings)) expect(figures[name], name).to.be.at.most(ceiling)
  })

  it('matches the committed figures', () => {
    if (process.env['GAS_WRITE'] === '1') writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
    const committed = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
    expect(Object.keys(figures).sort()).to.deep.equal(Object.keys(committed).sort())
    for (const [name, value] of Object.entries(committed)) {
      expect(figures[name], `${name}: run GAS_WRITE=1 and say why`).to.be.closeTo(value, Math.ceil(value * TOLERANCE))
    }
  })
})

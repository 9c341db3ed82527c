/** A model whose owners share in what is paid for it: served, taken over, settled and split, to the wei. */
import { expect } from 'chai'
import { currencyBalance, LedgerClient, ModelsClient, Rpc, Sender, walletFromHex } from 'openseam/chain/index'
import { type Address, type Bytes32, parseAddress } from 'openseam/protocol/eth'
import { modelsCommand } from '../../node/cli/models.ts'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { runCommand } from '../node/lib/run-command.ts'
import { owedBy } from './lib/books.ts'
import { endless, type Market, startMarket, user } from './lib/market.ts'
import { until } from './lib/until.ts'

const payees: Address[] = [parseAddress(`0x${'a1'.repeat(20)}`), parseAddress(`0x${'b2'.repeat(20)}`)]
const bps = [1_000, 333]
const KILL_AT = 60

describe('a model with payees', () => {
  let market: Market
  before(async () => {
    market = await startMarket({ royalties: payees.map((payee, i) => `${payee}=${bps[i]}`).join(',') })
  })
  after(() => market?.stop())

  it('pays them their parts of every leg, also of one whose provider died', async () => {
    const { rpc: url, deployment } = market.net
    const rpc = new Rpc(url)
    const ledger = new LedgerClient(rpc, deployment, new Sender(rpc, walletFromHex(fundedKeys()[0] as string).secretKey))
    interface Listed {
      data: { openseam: { modelId: Bytes32; royalties: object[] } }[]
    }
    const { data } = (await (await fetch(`${market.gateway}/v1/models`)).json()) as Listed
    expect(data[0]?.openseam.royalties).to.deep.equal(payees.map((account, i) => ({ account, bps: bps[i] })))
    const modelId = data[0]?.openseam.modelId as Bytes32
    expect(await new ModelsClient(rpc, deployment).model(modelId), 'revealed by whoever served it first').to.include.keys(
      'manifestHash'
    )

    const [p1] = market.net.providers
    const place = [
      '--rpc',
      url,
      '--deployment',
      market.net.accounts.deploymentFile,
      '--bootstrap',
      p1?.ready?.multiaddrs[0] ?? ''
    ]
    const offered = await runCommand(modelsCommand, ['models', 'list', ...place, '--json'])
    expect(JSON.parse(offered.out).models).to.have.length(1)
    expect(JSON.parse(offered.out).models[0]).to.deep.include({ modelId, providers: 3, royalties: data[0]?.openseam.royalties })
    expect((await runCommand(modelsCommand, ['models', 'list', ...place])).out).to.match(/seam-chat .* 13\.33 %/)

    let killed: string | undefined
    const request = { ...endless, temperature: 0, max_tokens: 150, messages: [user('Tell me a long story about a mill.')] }
    const answer = await market.ask(request, async ({ index, provider }) => {
      if (killed !== undefined || index < KILL_AT) return
      killed = provider
      await market.net.kill(provider)
    })
    expect(answer.result.legs.map(({ end }) => end)).to.deep.equal(['died', 'finished'])
    await market.revive()

    const owed = owedBy(answer.result.legs)
    const total = [...owed.values()].reduce((sum, wei) => sum + wei, 0n)
    const parts = bps.map((part) => (total * BigInt(part)) / 10_000n)
    await until('the payees to have their parts', async () => (await ledger.royalty(modelId)).gross === total)
    let earned = 0n
    for (const account of owed.keys()) earned += (await ledger.earned(account)).lifetime
    const due = await Promise.all(parts.map((_, payee) => ledger.royaltyOf(modelId, payee)))
    expect(due.map(({ lifetime }) => lifetime)).to.deep.equal(parts)
    expect(earned, 'the rest is the providers’').to.equal(total - parts[0]! - parts[1]!)

    for (const [i, payee] of payees.entries()) {
      await ledger.claimRoyalty(modelId, i)
      expect(await currencyBalance(rpc, deployment, payee)).to.equal(parts[i])
    }
  })
})

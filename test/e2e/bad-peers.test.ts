/** Peers that break the protocol, take without paying, or ask for too much: each is told why, and the daemon serves on. */
import { expect } from 'chai'
import { walletFromHex } from 'openseam/chain/index'
import { type Clock, systemClock, systemRng } from 'openseam/components'
import type { Connection } from 'openseam/connect'
import { createHost } from 'openseam/net/host'
import { grantProtocol, sessionProtocol } from 'openseam/net/protocols'
import { parseOpen } from 'openseam/protocol/amounts'
import { STANDBY_KEEP_MS, UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type { GrantServerFrame } from 'openseam/protocol/pb'
import { EndReason } from 'openseam/protocol/typed-data'
import { localSigner } from 'openseam/session/wallet'
import { fundedKeys } from '../../node/devnet/chain.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import type { Provider } from '../../node/provider/provider.ts'
import { expectExactBooks } from './lib/books.ts'
import { LocalMarket } from './lib/local-market.ts'
import { MODEL, user } from './lib/market.ts'
import { RawClient } from './lib/raw-client.ts'
import { talk } from './lib/talk.ts'
import { until } from './lib/until.ts'

const STANDBY_BYTES = 2 ** 24
const GARBAGE = Uint8Array.from({ length: 200 }, () => 0xff)
const rawProtocol = { ...sessionProtocol, client: { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes } }

/** Ten seconds of patience with a debtor are one here. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms === UNPAID_WAIT_MS ? ms / 10 : ms, signal) }

describe('bad peers', () => {
  const market = new LocalMarket({ standbyBytesMax: STANDBY_BYTES }, { clock: hurried })
  const debtorKey = walletFromHex(fundedKeys()[8] as string).secretKey
  const debtor = localSigner(debtorKey)
  const stranger = localSigner(walletFromHex(fundedKeys()[9] as string).secretKey)
  const paid: LegObject[] = []
  let honest: Connection
  let bad: Connection
  let provider: Provider
  before(async () => {
    await market.start(1)
    await market.fund(debtorKey, parseOpen('10'))
    provider = market.providers[0]?.up as Provider
    honest = await market.connect()
    bad = await market.connect({ secretKey: debtorKey })
  })
  after(() => market.stop())

  const serves = async ({ client }: Connection): Promise<void> => {
    const answer = await talk(client, { model: MODEL, messages: [user('Who are you?')], maxTokens: 8, successors: 0 })
    expect(answer.completionTokens).to.be.above(0)
    paid.push(...answer.result.legs)
  }

  it('garbage on a session stream: disconnected, in the end for good, and nobody else notices', async () => {
    const host = await createHost({ privateKey: systemRng.bytes(32), listen: [] })
    const multiaddrs = provider.host.multiaddrs()
    try {
      await until('the provider to refuse this peer', async () => {
        const channel = await host.open(provider.host.peer, rawProtocol, { multiaddrs }).catch(() => undefined)
        if (channel === undefined) return true
        await channel.send(GARBAGE).catch(() => undefined)
        await until('the provider to hang up', () => !provider.host.connected(host.peer))
        return false
      })
      await serves(honest)
    } finally {
      await host.close()
    }
  })

  it('a price below the offer, as of an offer that has expired: OFFER_EXPIRED', async () => {
    const raw = new RawClient(market, bad, debtor)
    expect((await raw.leg(1n)).refused).to.equal('OFFER_EXPIRED')
  })

  it('a leg that is not signed by a key of its account: LEG_SIGNATURE', async () => {
    const raw = new RawClient(market, bad, { ...stranger, account: debtor.account })
    expect((await raw.leg()).refused).to.equal('LEG_SIGNATURE')
  })

  it('a client that never acknowledges is stopped at its credit, refused, and served again once it has paid', async () => {
    const raw = new RawClient(market, bad, debtor)
    const leg = await raw.leg()
    expect(leg.end).to.equal(EndReason.unpaid)
    expect(leg.ids.length).to.be.below(leg.open.maxTo)
    await until('the debt to be booked', async () => (await raw.leg()).refused === 'UNPAID_LEG')

    const wrong = await raw.pay(leg, { ...stranger, account: debtor.account })
    expect(wrong.refused?.code).to.equal('VOUCHER_SIGNATURE')
    const little = await raw.pay({ ...leg, open: { ...leg.open, completionWei: 1n } })
    expect(little.refused?.code).to.equal('RECEIPT_MISMATCH')
    expect((await raw.leg()).refused, 'still').to.equal('UNPAID_LEG')

    const right = await raw.pay(leg)
    expect(right.refused).to.equal(undefined)
    expect(right.count).to.equal(1)
    const { promptWei, completionWei } = leg.open
    const amount = BigInt(20) * promptWei + BigInt(leg.ids.length - 20) * completionWei
    paid.push({ account: leg.open.provider, amount: amount.toString() } as LegObject)
    await serves(bad)
  })

  it('a grant for more than there is: GRANT_QUOTA', async () => {
    expect(await grant(bad, provider, STANDBY_BYTES + 2 ** 16)).to.equal('GRANT_QUOTA')
  })

  it('everything is paid to the wei', () => expectExactBooks(market.chain, paid))

  it('a provider that drains takes neither a session nor a grant', async () => {
    await provider.sessions.drain(1_000)
    expect(await grant(bad, provider, 2 ** 16)).to.equal('DRAINING')
    expect((await new RawClient(market, bad, debtor).leg()).refused).to.equal('DRAINING')
  })
})

/** The code that a request for a grant is refused with. */
const grant = async ({ host, directory }: Connection, provider: Provider, bytesMax: number): Promise<string | undefined> => {
  const modelId = Buffer.from(directory.offers()[0]?.models[0]?.modelId.slice(2) ?? '', 'hex')
  const channel = await host.open(provider.host.peer, grantProtocol, { multiaddrs: provider.host.multiaddrs() })
  const request = {
    replica: systemRng.bytes(16),
    servingPeer: systemRng.bytes(32),
    modelId: Uint8Array.from(modelId),
    client: systemRng.bytes(20),
    bytesMax,
    keepMs: STANDBY_KEEP_MS
  }
  await channel.send({ request })
  const { value } = await channel.receive()[Symbol.asyncIterator]().next()
  await channel.close()
  return (value as GrantServerFrame).refused?.code
}

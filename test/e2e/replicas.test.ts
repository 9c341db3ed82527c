/** Two daemons that sign with one key, and a client that opens the same leg at both: what a fence keeps them from, and what it does not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { domainOf, LedgerClient, Rpc, walletFromHex } from 'openseam/chain/index'
import { type Clock, systemClock } from 'openseam/components'
import { receiptProtocol } from 'openseam/net/protocols'
import { parseOpen } from 'openseam/protocol/amounts'
import { receiptFromWire } from 'openseam/protocol/convert'
import { hexToBytes } from 'openseam/protocol/eth'
import { UNPAID_WAIT_MS } from 'openseam/protocol/limits'
import type { ReceiptReply } from 'openseam/protocol/pb'
import { digest, recoverTyped } from 'openseam/protocol/typed-data'
import { localSigner } from 'openseam/session/wallet'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { hash } from '../sdk/session/support.ts'
import { LocalMarket } from './lib/local-market.ts'
import { RawClient, type RawLeg } from './lib/raw-client.ts'
import { until } from './lib/until.ts'

/** Ten seconds of patience with a debtor are one here. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms === UNPAID_WAIT_MS ? ms / 10 : ms, signal) }
const cheatKey = walletFromHex(fundedKeys()[8] as string).secretKey

for (const fenced of [true, false]) {
  describe(`two daemons of one account, ${fenced ? 'with' : 'without'} a fence`, () => {
    const fence = mkdtempSync(join(tmpdir(), 'openseam-fence-'))
    const market = new LocalMarket(fenced ? { fence } : {}, { clock: hurried })
    const cheat = localSigner(cheatKey)
    const legs: RawLeg[] = []
    before(async () => {
      await market.start(1)
      await market.replicate(market.providers[0]!)
      await market.fund(cheatKey, parseOpen('10'))
    })
    after(async () => {
      await market.stop()
      rmSync(fence, { recursive: true, force: true })
    })

    it(`${fenced ? 'one' : 'each'} signs for the leg that a client opened at both`, async () => {
      const connection = await market.connect({ secretKey: cheatKey })
      const peers = market.providers.map(({ up }) => up!.host.peer)
      await until('both offers', async () => {
        await connection.directory.refresh()
        return peers.every((peer) => connection.directory.offers().some((offer) => offer.peer === peer))
      })
      const raw = new RawClient(market, connection, cheat)
      const domain = domainOf(market.accounts.deployment)
      const sessionId = hash('a session at two daemons')
      const signatures: Uint8Array[] = []
      for (const peer of peers) {
        const leg = await raw.leg(undefined, { sessionId, peer })
        legs.push(leg)
        const { refused, count, signatures: own } = await raw.pay(leg)
        expect([refused, count]).to.deep.equal([undefined, 1])
        signatures.push(own[0] as Uint8Array)
      }
      expect(signatures.map(({ length }) => length)).to.deep.equal(fenced ? [65, 0] : [65, 65])

      // Nor is it signed later, for whoever asks.
      const receipts = await Promise.all(
        peers.map(async (peer) => {
          const channel = await connection.host.open(peer, receiptProtocol)
          await channel.send({ session: { sessionId: hexToBytes(sessionId, 32), leg: 0, seq: 0, max: 1 } })
          const { value } = await channel.receive()[Symbol.asyncIterator]().next()
          await channel.close()
          const [served] = (value as ReceiptReply).page?.receipts ?? []
          const { client, provider, modelId } = legs[0]!.open
          return { signature: served!.signature, receipt: receiptFromWire(served!.receipt!, { client, provider, modelId }) }
        })
      )
      const [one, two] = receipts.map(({ receipt }) => receipt)
      expect([two!.sessionId, two!.leg, two!.seq]).to.deep.equal([one!.sessionId, one!.leg, one!.seq])
      expect(digest(domain, 'WorkReceipt', one!)).to.not.deep.equal(digest(domain, 'WorkReceipt', two!))
      const signed = receipts.filter(
        ({ receipt, signature }) => recoverTyped(domain, 'WorkReceipt', receipt, signature) === receipt.provider
      )
      expect(signed, 'two of them are evidence that costs half of the stake').to.have.length(fenced ? 1 : 2)
    })

    it('the ledger pays the larger total of the two, not their sum: daemons that want both have an account each', async () => {
      const { client, provider, modelId, promptWei, completionWei } = legs[0]!.open
      const ledger = new LedgerClient(new Rpc(market.rpc), market.accounts.deployment)
      const totals = legs.map(({ ids }) => 20n * promptWei + BigInt(ids.length - 20) * completionWei)
      const [larger] = totals.toSorted((a, b) => Number(b - a))
      await until('it is settled', async () => (await ledger.channel(provider, modelId, client)).settled === larger)
      await systemClock.sleep(1_000) // two rounds of either
      expect((await ledger.channel(provider, modelId, client)).settled).to.equal(larger)
    })
  })
}

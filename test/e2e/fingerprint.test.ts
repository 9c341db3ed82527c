/** Receipts that bind their peers to the logits: an answer that moved is run again, and so is one whose peer drew with another seed. */
import { expect } from 'chai'
import { domainOf } from 'openseam/chain/index'
import type { Connection } from 'openseam/connect'
import { readReceipts } from 'openseam/net/receipt-fetch'
import { hexToBytes, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { openingText, readOpening } from 'openseam/protocol/opening'
import { recoverTyped } from 'openseam/protocol/typed-data'
import type { ChatRequest } from 'openseam/session/types'
import { type AuditedReceipt, type RerunReport, rerun } from '../../node/audit/rerun.ts'
import { expectExactBooks } from './lib/books.ts'
import type { Answer } from './lib/http.ts'
import { LocalMarket, type LocalProvider } from './lib/local-market.ts'
import { MODEL, modelDir, stopId, user } from './lib/market.ts'
import { talk } from './lib/talk.ts'
import { until } from './lib/until.ts'

const request: ChatRequest = {
  model: MODEL,
  messages: [user('My name is Ada. Tell me a story about a blue lamp.')],
  maxTokens: 150,
  sampling: { temperature: 0.8, seed: 7n, logitBias: [{ id: stopId, bias: -100 }] }
}

describe('fingerprints in receipts', () => {
  const market = new LocalMarket()
  const answers: Answer[] = []
  let connection: Connection
  before(async () => {
    await market.start(3)
    connection = await market.connect()
  })
  after(() => market.stop())

  /** Every receipt of a session that its providers show, each name recovered from its signature. */
  const receiptsOf = async ({ result }: Answer): Promise<AuditedReceipt[]> => {
    const domain = domainOf(market.accounts.deployment)
    const audited: AuditedReceipt[] = []
    for (const account of new Set(result.legs.map((leg) => leg.account))) {
      const { up } = market.providers.find((entry) => entry.account === account) as LocalProvider & {
        up: { host: Connection['host'] }
      }
      const reader = await readReceipts(connection.host, up.host.peer, { domain, multiaddrs: up.host.multiaddrs() })
      for (const { receipt, signature } of await reader.ofSession(result.chainSession as `0x${string}`)) {
        const signer = signature && recoverTyped(domain, 'WorkReceipt', receipt, hexToBytes(signature))
        audited.push({ receipt, signed: signer === account })
      }
      await reader.close()
    }
    return audited
  }

  /** Until every receipt that the client drafted lies at the providers. */
  const allReceipts = async (answer: Answer): Promise<AuditedReceipt[]> => {
    let audited: AuditedReceipt[] = []
    await until('every receipt to be served', async () => {
      audited = await receiptsOf(answer)
      return audited.length === answer.result.receipts.length
    })
    return audited
  }

  const check = async (answer: Answer, receipts: AuditedReceipt[]): Promise<RerunReport> => {
    const opening = await connection.client.opening(answer.session)
    return rerun({ modelDir, opening: readOpening(openingText(opening!)), receipts })
  }

  const ask = async (...[onToken]: [Parameters<typeof talk>[2]?]): Promise<Answer> => {
    const answer = await talk(connection.client, request, onToken)
    answers.push(answer)
    return answer
  }

  it('an answer that nobody disturbed is accepted, every position of it', async () => {
    const answer = await ask()
    const receipts = await allReceipts(answer)
    expect(receipts.every(({ receipt, signed }) => signed && receipt.fingerprint !== ZERO_BYTES32)).to.equal(true)
    const report = await check(answer, receipts)
    expect([report.verdict, report.reasons, report.positions]).to.deep.equal(['accepted', [], 150])
  })

  it('an answer whose peer died: both are bound to their own part, but for the last words of the one that is gone', async () => {
    let killed: LocalProvider | undefined
    const answer = await ask(async ({ index, provider }, turn) => {
      if (killed !== undefined || index < 70) return
      await until('blocks at a successor', () => turn.summary().successors.some(({ blocks }) => blocks >= 2))
      killed = market.at(provider)
      await market.kill(killed)
    })
    await market.reviveAll()
    const receipts = await allReceipts(answer)
    const last = receipts.find(({ receipt }) => receipt.leg === 0 && receipt.end !== 0)
    expect(last?.receipt.fingerprint).to.equal(ZERO_BYTES32)
    const report = await check(answer, receipts)
    expect(report.blocks.every(({ fault }) => fault === null)).to.equal(true)
    expect(report.positions).to.equal(150)
    const heirs = report.blocks.filter(({ leg }) => leg !== 0)
    expect(heirs.length).to.be.above(1)
    expect(heirs.every(({ bound }) => bound)).to.equal(true)
    expect(report.blocks.some(({ leg, bound }) => leg === 0 && bound)).to.equal(true)
    expect(report.verdict).to.equal('inconclusive')
  })

  it('a peer that draws with another seed than it was told signs what proves it', async () => {
    for (const { up } of market.providers) {
      const { engine } = up!
      const start = engine.start.bind(engine)
      engine.start = (job, on) => start({ ...job, sampling: { ...job.sampling, seed: job.sampling.seed ^ 1n } }, on)
    }
    const answer = await ask()
    const report = await check(answer, await allReceipts(answer))
    expect(report.verdict).to.equal('rejected')
    expect(report.blocks[0]?.prints.max).to.be.at.most(1) // its logits are honest, its draws are not
  })

  it('and all of it is paid to the wei', async () => {
    await expectExactBooks(
      market.chain,
      answers.flatMap(({ result }) => result.legs)
    )
  })
})

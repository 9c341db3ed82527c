/** A session that moved twice, proved from outside: by a process that has the chain's address, some peers' addresses, and nothing of the client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Ran, runAudit } from './lib/audit-command.ts'
import { expectExactBooks } from './lib/books.ts'
import type { Answer } from './lib/http.ts'
import { expectTiled, served } from './lib/legs.ts'
import { endless, type Market, startMarket, user } from './lib/market.ts'
import { until } from './lib/until.ts'

const KILLS_AT = [60, 150]

interface Report {
  verdict: string
  reasons: string[]
  story: {
    legs: { leg: number; provider: string; from: number; to: number; paid: string; end: string | null }[]
    positions: number
  }
  findings: { state: string; source: string; checks: { outcome: string }[] }[]
}

describe('openseam audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openseam-audit-'))
  let market: Market
  let answer: Answer
  let report: Report | undefined
  before(async () => {
    market = await startMarket()
  })
  after(async () => {
    await market?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const audit = (...args: string[]): Promise<Ran> => {
    const deployment = join(folder, 'deployment.json')
    writeFileSync(deployment, JSON.stringify(market.net.deployment))
    const bootstrap = market.net.providers.flatMap(({ ready }) => ready?.multiaddrs.slice(0, 1) ?? []).join(',')
    return runAudit([...args, '--home', folder, '--rpc', market.net.rpc, '--deployment', deployment, '--bootstrap', bootstrap])
  }

  it('a session moves twice', async () => {
    const killed: string[] = []
    const request = { ...endless, temperature: 0, max_tokens: 240, messages: [user('Tell me a long story about a blue lamp.')] }
    answer = await market.ask(request, async ({ index, provider }) => {
      const at = KILLS_AT[killed.length]
      if (at === undefined || index < at || killed.includes(provider)) return
      killed.push(provider)
      await market.net.kill(provider)
    })
    expectTiled(answer)
    expect(served(answer).map(({ end }) => end)).to.deep.equal(['died', 'died', 'finished'])
    await market.revive()
    await expectExactBooks(market.chain, answer.result.legs)
  })

  it('session: proves from the chain and what peers show that every token was paid to who made it', async () => {
    let last = { code: -1, out: '', err: '' }
    // The end of the last leg may reach its provider after everything is paid.
    await until('a proof of the whole session', async () => {
      last = await audit('session', answer.result.chainSession, '--json')
      return last.code === 0
    }).catch(() => undefined)
    expect(last.code, `${last.out}\n${last.err}`).to.equal(0)
    report = JSON.parse(last.out) as Report
    expect(report).to.deep.include({ verdict: 'proved', reasons: [] })
    const legs = report?.story.legs.filter(({ from, to }) => to > from) ?? []
    const told = served(answer)
    expect(legs.map(({ leg, provider, end }) => [leg, provider, end])).to.deep.equal(
      told.map(({ leg, account, end }) => [leg, account.toLowerCase(), end])
    )
    expect(legs.map(({ paid }) => paid)).to.deep.equal(told.map(({ amount }) => amount))
    // A leg of the answer counts its tokens, a leg of the session its positions: those of the prompt come before.
    const prompt = (legs.at(-1)?.to ?? 0) - answer.completionTokens
    expect(prompt).to.be.above(0)
    expect(legs.map(({ to }) => to - prompt)).to.deep.equal(told.map(({ to }) => to))
    for (const { state, checks } of report?.findings ?? []) {
      expect(state).to.be.oneOf(['paid', 'empty'])
      expect(checks.map(({ outcome }) => outcome)).to.not.include('fails')
    }
    const { code, out } = await audit('session', answer.result.chainSession)
    expect(out)
      .to.include('died')
      .and.to.match(/\nproved: \d+ positions/)
    expect(code).to.equal(0)
  })

  it('session --rerun: what the last of its providers did is run again, from the opening that its client holds', async () => {
    const opening = join(folder, 'opening.json')
    const response = await fetch(`${market.gateway}/v1/sessions/${answer.session}/opening`)
    writeFileSync(opening, await response.text())
    const leg = report?.story.legs.findLast(({ from, to }) => to > from)
    const flags = ['--rerun', '--opening', opening, '--range', `${leg?.from}:${leg?.to}`]
    const { code, out, err } = await audit('session', answer.result.chainSession, ...flags)
    expect(code, `${out}\n${err}`).to.equal(0)
    expect(out).to.include('run again: accepted').and.to.include('0 others')
  })

  it('provider: every batch of those that were paid, to the wei of the ledger', async () => {
    for (const account of new Set(served(answer).map((leg) => leg.account))) {
      const { code, out, err } = await audit('provider', account)
      expect(code, `${out}\n${err}`).to.equal(0)
      expect(out).to.match(/\nproved: [\d.]+ OPEN earned in [1-9]/)
    }
  })
})

/** `openseam audit` as a shell sees it: what it prints, and the exit code that a script goes by. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Proof } from 'openseam/protocol/proof'
import { proofToJson } from 'openseam/protocol/proof-file'
import { auditReceipt } from '../../../node/audit/receipt-audit.ts'
import { auditCommand } from '../../../node/cli/audit.ts'
import { commandModule } from '../../../node/devnet/children.ts'
import { type Market, OPEN, startMarket } from '../../contracts/market.ts'
import { type Ran, runCommand } from '../lib/run-command.ts'
import { booksOf, TestChannel } from './support.ts'

describe('openseam audit', function () {
  this.timeout(120_000)
  const home = mkdtempSync(join(tmpdir(), 'openseam-audit-'))
  const file = (name: string): string => join(home, name)
  let market: Market
  let proof: Proof

  before(async () => {
    market = await startMarket()
    const client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    const channel = new TestChannel(market, await market.person('provider'), client)
    const { hash } = channel.add({ leg: 0, seq: 0, from: 0, to: 32 })
    await channel.settle()
    proof = (await auditReceipt(hash, [channel.source('peer')], booksOf(market))).finding?.proof as Proof
    writeFileSync(file('deployment.json'), JSON.stringify(market.deployment))
    writeFileSync(file('proof.json'), JSON.stringify(proofToJson(proof)))
    writeFileSync(file('lie.json'), JSON.stringify({ ...proofToJson(proof), receiptHash: proof.batch.leaf.workRoot }))
    writeFileSync(file('none.json'), '{}')
  })
  after(async () => {
    await market.close()
    rmSync(home, { recursive: true, force: true })
  })

  const line = (args: string[], rpc: string): string[] => {
    return ['audit', ...args, '--home', home, '--rpc', rpc, '--deployment', file('deployment.json')]
  }

  const run = (args: string[], rpc = market.rpc.url): Promise<Ran> => runCommand(auditCommand, line(args, rpc))

  it('0: proved, and the proof can be kept', async () => {
    const { code, out } = await run(['receipt', '--proof', file('proof.json'), '--save', file('kept.json')])
    expect(out)
      .to.include(proof.receiptHash)
      .and.to.match(/transaction +holds/)
      .and.to.match(/\nproved: batch 0/)
    expect(code).to.equal(0)
    expect(JSON.parse(readFileSync(file('kept.json'), 'utf8'))).to.deep.equal(proofToJson(proof))
  })

  it('1: disproved, with the step', async () => {
    const lie = await run(['receipt', '--proof', file('lie.json')])
    expect(lie.out).to.match(/\ndisproved: receipt: /)
    expect(lie.code).to.equal(1)
    const none = await run(['receipt', '--proof', file('none.json'), '--json'])
    expect(JSON.parse(none.out)).to.deep.include({ verdict: 'disproved', reasons: ['format: format is not openseam-proof-1'] })
    expect(none.code).to.equal(1)
  })

  it('the process ends with the code, and says it all before', async () => {
    const args = ['--conditions=source', commandModule, ...line(['receipt', '--proof', file('lie.json')], market.rpc.url)]
    const [code, out] = await new Promise<[number, string]>((resolve) =>
      execFile(process.execPath, args, (error, text) => resolve([Number(error?.code ?? 0), text]))
    )
    expect(out).to.match(/\ndisproved: receipt: /)
    expect(code).to.equal(1)
  })

  it('says of a session, a provider and a batch what it found, and what it could not tell', async () => {
    const { receipt, batch } = proof
    // Its receipt is running, and nobody shows more: paid, and perhaps not all.
    const session = await run(['session', receipt.sessionId, '--proof', file('proof.json'), '--json'])
    expect(JSON.parse(session.out)).to.deep.include({ verdict: 'unknown', client: receipt.client })
    expect(session.code).to.equal(3)
    const provider = await run(['provider', receipt.provider, '--json'])
    expect(JSON.parse(provider.out)).to.deep.include({ verdict: 'proved', earned: batch.header.total.toString() })
    expect(provider.code).to.equal(0)
    const one = await run(['batch', receipt.provider, '0'])
    expect(one.out).to.match(/\nproved: 0.032 OPEN in 1 payments/)
    expect(one.code).to.equal(0)
    expect((await run(['batch', receipt.provider, '1'])).code).to.equal(3)
    expect((await run(['batch', receipt.provider, 'one'])).code).to.equal(2)
    expect((await run(['provider', 'somebody'])).code).to.equal(2)
    expect((await run(['session', receipt.sessionId, '--client', 'me'])).code).to.equal(2)
  })

  it('2: misused', async () => {
    expect(await run(['receipt', 'something'])).to.deep.include({ code: 2, out: '' })
    expect(await run(['receipt'])).to.deep.include({ code: 2, out: '' })
    expect(await run(['receipt', '--proof', file('missing.json')])).to.deep.include({ code: 2, out: '' })
    expect(await run(['case', 'something'])).to.deep.include({ code: 2, out: '' })
    expect(await run(['case', proof.receiptHash, '--send'])).to.deep.include({ code: 2, out: '' })
    expect(await run(['challenge', '--proof', file('proof.json'), '--send'])).to.deep.include({ code: 2, out: '' })
    expect(await run(['receipt', '--deadline', 'soon', '--proof', file('proof.json')])).to.deep.include({ code: 2, out: '' })
  })

  it('3: could not tell', async () => {
    const { code, err } = await run(['receipt', '--proof', file('proof.json')], 'http://127.0.0.1:9')
    expect(err).to.match(/^CHAIN_DOWN: /)
    expect(code).to.equal(3)
    const nobody = await run(['receipt', proof.receiptHash, '--json'])
    expect(JSON.parse(nobody.out)).to.deep.include({ verdict: 'unknown', finding: null })
    expect(nobody.code).to.equal(3)
    const unopened = await run(['case', proof.receiptHash])
    expect(unopened.out).to.match(/\ncould not tell: nobody opened a case/)
    expect(unopened.code).to.equal(3)
  })
})

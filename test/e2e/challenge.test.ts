/** A provider that cheats is brought to court from a shell: once it answers and judges find against it, once it says nothing. To the wei. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { committeeAbi, courtAbi, encodeAbi, encodeCall, tokenAbi, view } from 'openseam/chain/abi'
import {
  CaseState,
  CourtClient,
  currencyBalance,
  RegistryClient,
  Rpc,
  Sender,
  transfer,
  walletFromHex
} from 'openseam/chain/index'
import { payInto } from 'openseam/chain/money'
import { type Clock, systemClock } from 'openseam/components'
import { parseOpen } from 'openseam/protocol/amounts'
import { type Address, type Bytes32, bytesToHex, keccak256 } from 'openseam/protocol/eth'
import { openingText } from 'openseam/protocol/opening'
import type { ChatRequest } from 'openseam/session/types'
import { fundedKeys } from '../../node/devnet/chain.ts'
import type { LegObject } from '../../node/devnet/sse.ts'
import { CHALLENGES_LOOK_MS } from '../../node/settle/challenges.ts'
import { hashOf } from '../contracts/market.ts'
import { type Ran, runAudit } from './lib/audit-command.ts'
import { expectExactBooks } from './lib/books.ts'
import type { Answer } from './lib/http.ts'
import { LocalMarket, type LocalProvider } from './lib/local-market.ts'
import { MODEL, modelDir, stopId, user } from './lib/market.ts'
import { talk } from './lib/talk.ts'
import { until } from './lib/until.ts'

const BOND = parseOpen('10')
const STAKE = parseOpen('1000')
const DAY = 86_400
const VOTES = { upheld: 1, rejected: 2 } // as IVerdict numbers them

/** A daemon looks for cases once a minute; here, twice a second. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms === CHALLENGES_LOOK_MS ? 500 : ms, signal) }

const request: ChatRequest = {
  model: MODEL,
  messages: [user('My name is Ada. Tell me a story about a blue lamp.')],
  maxTokens: 96,
  sampling: { temperature: 1.5, seed: 7n, logitBias: [{ id: stopId, bias: -100 }] }
}

interface Report {
  verdict: string
  reasons: string[]
  case: Bytes32 | null
  bond: string
  transaction: string | null
  transactions: string[]
  state: string
  findings: { hash: Bytes32; receipt: { leg: number; seq: number; amount: string } }[]
  rerun: { verdict: string; blocks: { leg: number; seq: number; bound: boolean; fault: string | null }[] }
}
/** A receipt that can be challenged. */
interface Paid {
  hash: Bytes32
  amount: bigint
}

describe('openseam audit challenge', () => {
  const market = new LocalMarket({}, { clock: hurried })
  const file = (name: string): string => join(market.home, name)
  const senderOf = (key: number): Sender => new Sender(rpc, walletFromHex(fundedKeys()[key] as string).secretKey)
  let rpc: Rpc
  let court: CourtClient
  let registry: RegistryClient
  let provider: LocalProvider
  let client: Address
  let judges: Sender[]
  const paid: Paid[] = []
  const cases: Bytes32[] = []

  before(async () => {
    await market.start(1)
    rpc = new Rpc(market.rpc)
    const { deployment } = market.accounts
    court = new CourtClient(rpc, deployment)
    registry = new RegistryClient(rpc, deployment)
    provider = market.providers[0] as LocalProvider
    client = market.accounts.client.account
    writeFileSync(file('deployment.json'), JSON.stringify(deployment))
    judges = [5, 6, 7].map(senderOf)
    for (const judge of judges) {
      await give(judge.address, STAKE)
      const data = encodeCall(committeeAbi, 'stake', [STAKE])
      const to = deployment.committee as Address
      await payInto(judge, deployment, STAKE, { to, data, gasLimit: 300_000, what: 'committee.stake' })
    }
  })
  after(() => market.stop())

  const give = (to: Address, wei: bigint): Promise<unknown> => transfer(senderOf(0), market.accounts.deployment, to, wei)
  const sendWith = (wallet: string): string[] => {
    return ['--send', '--wallet', wallet, '--password-file', market.accounts.passwordFile]
  }
  const mine = (): string[] => sendWith(join(market.accounts.client.home, 'wallet.json'))
  const audit = async (...args: string[]): Promise<Ran & { report: Report }> => {
    const bootstrap = args.includes('--proof') ? [] : market.bootstrap()
    const peers = bootstrap.length === 0 ? [] : ['--bootstrap', bootstrap.join(',')]
    const chain = ['--home', market.home, '--rpc', market.rpc, '--deployment', file('deployment.json'), ...peers]
    const ran = await runAudit([...args, ...chain, '--json'])
    return { ...ran, report: (ran.out.startsWith('{') ? JSON.parse(ran.out) : {}) as Report }
  }
  const tell = (key: Sender, abi: typeof courtAbi, to: Address | null, name: string, args: unknown[]): Promise<unknown> =>
    key.send({ to: to as Address, data: encodeCall(abi, name, args), gasLimit: 400_000, what: name })
  const committee = (key: Sender, name: string, args: unknown[]): Promise<unknown> =>
    tell(key, committeeAbi, market.accounts.deployment.committee, name, args)
  const atCourt = (name: string, args: unknown[]): Promise<unknown> =>
    tell(senderOf(8), courtAbi, market.accounts.deployment.court, name, args)
  const balance = (of: Address): Promise<bigint> => currencyBalance(rpc, market.accounts.deployment, of)
  const stateOf = async (id: Bytes32): Promise<number> => (await court.caseOf(id)).state
  const stake = async (): Promise<bigint> => (await registry.provider(provider.account, { fresh: true })).stake

  it('a peer draws with another seed than it was told: the audit of the session says which receipts show it', async () => {
    const { engine } = provider.up as NonNullable<LocalProvider['up']>
    const start = engine.start.bind(engine)
    engine.start = (job, on) => start({ ...job, sampling: { ...job.sampling, seed: job.sampling.seed ^ 1n } }, on)
    const connection = await market.connect()
    const answers: Answer[] = [await talk(connection.client, request), await talk(connection.client, request)]
    const legs: LegObject[] = answers.flatMap(({ result }) => result.legs)
    await expectExactBooks(market.chain, legs)
    for (const { session, result } of answers) {
      const opening = await connection.client.opening(session)
      writeFileSync(file('opening.json'), openingText(opening as NonNullable<typeof opening>))
      const flags = ['--rerun', '--opening', file('opening.json'), '--model', modelDir]
      const { code, report, err } = await audit('session', result.chainSession, ...flags)
      expect([code, report.rerun?.verdict], err).to.deep.equal([1, 'rejected'])
      const wrong = report.rerun.blocks.find(({ bound, fault }) => bound && fault !== null)
      const found = report.findings.find(({ receipt }) => receipt.leg === wrong?.leg && receipt.seq === wrong.seq)
      if (found === undefined) expect.fail('no receipt is named')
      paid.push({ hash: found.hash, amount: BigInt(found.receipt.amount) })
    }
    // What is known of them is kept: their provider will be gone.
    for (const [i, { hash }] of paid.entries())
      expect((await audit('receipt', hash, '--save', file(`proof-${i}.json`))).code).to.equal(0)
  })

  it('sends nothing unless told to, nothing for another wallet, and nothing that the bond is missing for', async () => {
    const { hash } = paid[0] as Paid
    const dry = await audit('challenge', hash)
    expect([dry.code, dry.report.bond, dry.report.transaction], dry.err).to.deep.equal([0, BOND.toString(), null])
    const foreign = await audit('challenge', '--proof', file('proof-0.json'), ...sendWith(market.accounts.developer.wallet))
    expect(foreign.code).to.equal(1)
    expect(foreign.report.reasons[0]).to.match(/^client: /)
    const poor = await audit('challenge', '--proof', file('proof-0.json'), ...mine())
    expect(poor.code).to.equal(1)
    expect(poor.report.reasons[0]).to.match(/^bond: the wallet has 0 OPEN, the bond is 10 OPEN/)
    expect(await stateOf(dry.report.case as Bytes32)).to.equal(CaseState.none)
  })

  it('opens a case with the bond of the client; the daemon answers it', async () => {
    await give(client, 2n * BOND)
    const { code, report, out, err } = await audit('challenge', (paid[0] as Paid).hash, ...mine())
    expect(code, `${out}${err}`).to.equal(0)
    cases.push(report.case as Bytes32)
    expect(await balance(client)).to.equal(BOND)
    await until('the daemon to answer', async () => (await stateOf(report.case as Bytes32)) === CaseState.answered)
    const again = await audit('challenge', '--proof', file('proof-0.json'), ...mine())
    expect(again.report.reasons[0]).to.match(/^case: .* was opened before/)
  })

  it('opens another from a proof on disk, of a provider that is gone', async () => {
    await market.kill(provider)
    const { code, report, out, err } = await audit('challenge', '--proof', file('proof-1.json'), ...mine())
    expect(code, `${out}${err}`).to.equal(0)
    cases.push(report.case as Bytes32)
    expect(await balance(client)).to.equal(0n)
    expect((await registry.provider(provider.account, { fresh: true })).openCases).to.equal(2)
  })

  it('silence costs 5 % and ten times the amount; work that judges find wrong 25 % of the rest', async () => {
    const [wrong, silent] = cases as [Bytes32, Bytes32]
    await rpc.send('hardhat_mine', ['0x5']) // the block that decides who judges
    await committee(senderOf(8), 'draw', [wrong])
    for (const { address } of judges) await committee(senderOf(8), 'nominate', [wrong, address, 0])
    await rpc.send('evm_increaseTime', [DAY + 1])
    await rpc.send('evm_mine')

    const closed = await audit('case', silent, ...mine())
    expect([closed.code, closed.report.state, closed.report.transactions.length], closed.err).to.deep.equal([0, 'timedOut', 2])
    expect(await stateOf(silent)).to.equal(CaseState.timedOut)
    const lost = STAKE / 20n + 10n * (paid[1] as Paid).amount
    expect(await stake()).to.equal(STAKE - lost)

    // Two find the work wrong, one does not.
    const votes = [VOTES.upheld, VOTES.rejected, VOTES.upheld]
    const salt = hashOf('salt')
    for (const [i, judge] of judges.entries()) {
      const vote = encodeAbi(['bytes32', 'address', 'uint8', 'bytes32'], [wrong, judge.address, votes[i], salt])
      await committee(judge, 'commitVote', [wrong, bytesToHex(keccak256(vote))])
    }
    for (const [i, judge] of judges.entries()) await committee(judge, 'revealVote', [wrong, votes[i], salt])
    const judged = await audit('case', wrong, ...mine())
    expect([judged.code, judged.report.state, judged.report.transactions.length], judged.err).to.deep.equal([0, 'upheld', 2])
    expect(await stateOf(wrong)).to.equal(CaseState.upheld)
    expect(await stake()).to.equal(STAKE - lost - (STAKE - lost) / 4n)
    const { jailed, openCases } = await registry.provider(provider.account, { fresh: true })
    expect([jailed, openCases]).to.deep.equal([true, 0])
  })

  it('the client has its bonds back and its parts, the judges who agreed theirs, and the rest is burnt', async () => {
    const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
    const [one, two] = paid as [Paid, Paid]
    const silence = STAKE / 20n + 10n * two.amount
    const wrongWork = (STAKE - silence) / 4n
    const toClient = (taken: bigint, { amount }: Paid): bigint => (taken * 15n) / 100n + least((taken * 20n) / 100n, 10n * amount)
    const won = toClient(silence, two) + toClient(wrongWork, one)
    const share = (wrongWork * 15n) / 100n / 3n
    const supply = async (): Promise<bigint> => {
      const { deployment } = market.accounts
      const [sum] = await view(rpc, tokenAbi, deployment.token, 'totalSupply')
      return sum as bigint
    }
    for (const judge of [judges[0], judges[2]]) await atCourt('withdraw', [judge?.address])
    expect(await balance(client)).to.equal(2n * BOND + won)
    expect(await Promise.all(judges.map(({ address }) => balance(address)))).to.deep.equal([share, 0n, share])
    const before = await supply()
    await atCourt('burn', [])
    expect(before - (await supply())).to.equal(silence + wrongWork - won - 2n * share)
    expect(await balance(market.accounts.deployment.court as Address)).to.equal(0n)
  })
})

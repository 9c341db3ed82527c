/** `openseam audit`: checks what was paid, to whom and for what, from public data alone. Exit codes: docs/audit.md. */
import { type Command, CommanderError } from 'commander'
import { CourtClient, Sender } from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import { systemRng } from 'openseam/components'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { OPENING_BYTES_MAX, type Opening, readOpening } from 'openseam/protocol/opening'
import { proofToJson } from 'openseam/protocol/proof-file'
import { z } from 'zod'
import { auditCase, printCase } from '../audit/case.ts'
import { challengeReceipt, printChallenge } from '../audit/challenge.ts'
import { type Desk, openDesk, readDevnet, readProofFile, readTextFile } from '../audit/desk.ts'
import { toJsonReport } from '../audit/json.ts'
import { EXIT_USAGE, exitCodes, type Outcome } from '../audit/outcome.ts'
import { printReceipt } from '../audit/print.ts'
import { printBatch, printProvider } from '../audit/print-books.ts'
import { printSession } from '../audit/print-session.ts'
import { auditBatch, auditProvider } from '../audit/provider-audit.ts'
import { auditReceipt, type ReceiptReport } from '../audit/receipt-audit.ts'
import type { SessionRerun } from '../audit/rerun-session.ts'
import { auditSession, type SessionReport } from '../audit/session-audit.ts'
import { proofSource } from '../audit/source.ts'
import { writeJsonAtomic } from '../lib/atomic.ts'
import { ExitCode, flagsOf, reason } from '../lib/env.ts'
import { defaultHome } from '../lib/home.ts'
import { withProgress } from '../lib/progress.ts'
import { type Paint, paintFor } from '../lib/table.ts'
import { embeddedModel } from './devnet.ts'
import { integer, list, readDeployment, readSecretFile } from './options.ts'

const shared = z.object({
  home: z.string(),
  rpc: z.url().optional(),
  deployment: z.string().optional(),
  bootstrap: list.optional(),
  explorer: z.url().optional(),
  deadline: integer(1, 86_400),
  json: z.boolean().default(false)
})
type Shared = z.output<typeof shared>

export const auditCommand = (program: Command): void => {
  const audit = program
    .command('audit')
    .description('checks what was paid against the chain; exit code 0: proved, 1: disproved, 2: bad usage, 3: could not tell')
  withShared(audit.command('receipt'))
    .description('proves that one receipt was paid: work tree, batch, transaction')
    .argument('[hash]', 'the receipt; --proof names one by itself')
    .option('--proof <file>', 'a proof file: nobody but the chain is asked')
    .option('--save <file>', 'write the proof there, where it holds')
    .action((hash: string | undefined, _options, command: Command) => judged(() => receipt(hash, command)))
  withShared(audit.command('session'))
    .description('shows who made which tokens of a session, and proves that each was paid, once')
    .argument('<id>', 'the session, by its id on chain')
    .option('--proof <files...>', 'proof files of its receipts, beside what peers show')
    .option('--client <account>', 'whose session: others may have put its id into receipts of their own')
    .option('--rerun', 'run a drawn range of its last answer again, with the model: needs --opening', false)
    .option('--opening <file>', 'what the client of the session holds: GET /v1/sessions/{handle}/opening at its gateway')
    .option('--model <dir>', 'the model that it was served with', embeddedModel())
    .option('--blocks <n>', 'how many blocks of 32 positions are drawn', '64')
    .option('--range <from:to>', 'these positions, instead of a draw')
    .option('--threads <n>', 'threads of the run', '1')
    .action((id: string, _options, command: Command) => judged(() => session(id, command)))
  withShared(audit.command('challenge'))
    .description('challenges the work of a paid receipt at the court, with a bond; says what it would do unless --send is given')
    .argument('[hash]', 'the receipt; --proof names one by itself')
    .option('--proof <file>', 'a proof file: nobody but the chain is asked')
    .option('--send', 'post it', false)
    .option('--wallet <file>', "encrypted keystore of the session's client, which alone may")
    .option('--password-file <file>', 'file with its password')
    .action((hash: string | undefined, _options, command: Command) => judged(() => challenge(hash, command)))
  withShared(audit.command('case'))
    .description(
      'says where a case at the court stands; with --send, closes it where that can be, and fetches what it left to the wallet'
    )
    .argument('<id>', 'as challenge names it')
    .option('--send', 'do so', false)
    .option('--wallet <file>', 'encrypted keystore: anyone may close a case')
    .option('--password-file <file>', 'file with its password')
    .action((id: string, _options, command: Command) => judged(() => courtCase(id, command)))
  withShared(audit.command('provider'))
    .description('recomputes what a provider earned from the chain, and compares it with the books of the ledger')
    .argument('<account>', 'the provider')
    .action((account: string, _options, command: Command) => judged(() => provider(account, command)))
  withShared(audit.command('batch'))
    .description('shows who paid what in one batch, and proves that the ledger holds it')
    .argument('<provider>', 'the account it was paid to')
    .argument('<number>', 'counting from 0')
    .action((account: string, number: string, _options, command: Command) => judged(() => batch(account, number, command)))
}

const withShared = (command: Command): Command =>
  command
    .option('--home <dir>', 'where to look for devnet.json, which says what is not given here', defaultHome())
    .option('--rpc <url>', 'JSON-RPC of the chain')
    .option('--deployment <file>', 'JSON with the addresses of the contracts')
    .option('--bootstrap <multiaddrs>', 'providers to ask for receipts, comma-separated; whoever they know is asked too')
    .option('--explorer <url>', 'an explorer to ask as well')
    .option('--deadline <seconds>', 'how long all of them together may take', '120')
    .option('--json', 'one JSON object on stdout', false)

const receiptFlags = shared.extend({ proof: z.string().optional(), save: z.string().optional() })

const receipt = async (named: string | undefined, command: Command): Promise<number> => {
  const flags = flagsOf(command, receiptFlags)
  const name = named === undefined ? undefined : bytes32(named, 'a receipt')
  const report = flags.proof === undefined ? await shownReceipt(name, flags) : await provedReceipt(name, flags.proof, flags)
  if (flags.save !== undefined && report.verdict === 'proved' && report.finding?.proof)
    await writeJsonAtomic(flags.save, proofToJson(report.finding.proof))
  return tell(report, flags, (paint) => printReceipt(report, paint))
}

const senderFlags = shared.extend({
  send: z.boolean().default(false),
  wallet: z.string().optional(),
  passwordFile: z.string().optional()
})
const challengeFlags = senderFlags.extend({ proof: z.string().optional() })

/** Undefined unless it was told to send. Throws BAD_REQUEST for an order without a wallet. */
const senderKey = async ({ send, wallet, passwordFile }: z.output<typeof senderFlags>): Promise<Uint8Array | undefined> => {
  if (!send) return undefined
  if (wallet === undefined || passwordFile === undefined)
    throw new SeamError('BAD_REQUEST', '--send needs --wallet and --password-file')
  return (await openWalletFile(wallet, readSecretFile(passwordFile))).secretKey
}

const challenge = async (named: string | undefined, command: Command): Promise<number> => {
  const flags = flagsOf(command, challengeFlags)
  const name = named === undefined ? undefined : bytes32(named, 'a receipt')
  const key = await senderKey(flags)
  const found = flags.proof === undefined ? await shownReceipt(name, flags) : await provedReceipt(name, flags.proof, flags)
  const report = await atDesk(flags, false, ({ ledger }) => {
    const sender = key === undefined ? null : new Sender(ledger.rpc, key)
    return challengeReceipt(found, new CourtClient(ledger.rpc, ledger.deployment, sender), sender)
  })
  return tell(report, flags, (paint) => printChallenge(report, paint))
}

const courtCase = async (named: string, command: Command): Promise<number> => {
  const flags = flagsOf(command, senderFlags)
  const id = bytes32(named, 'a case')
  const key = await senderKey(flags)
  const report = await atDesk(flags, false, ({ ledger }) => {
    const sender = key === undefined ? null : new Sender(ledger.rpc, key)
    return auditCase(id, new CourtClient(ledger.rpc, ledger.deployment, sender), sender)
  })
  return tell(report, flags, (paint) => printCase(report, paint))
}

const shownReceipt = (name: Bytes32 | undefined, flags: Shared): Promise<ReceiptReport> => {
  if (name === undefined) throw new SeamError('BAD_REQUEST', 'name a receipt, or give --proof')
  return atDesk(flags, true, ({ sources, books }) => auditReceipt(name, sources, books))
}

const provedReceipt = async (name: Bytes32 | undefined, file: string, flags: Shared): Promise<ReceiptReport> => {
  try {
    const proof = await readProofFile(file)
    if (name !== undefined && name !== proof.receiptHash) {
      throw new SeamError('BAD_REQUEST', `${file} is about receipt ${proof.receiptHash}`)
    }
    return await atDesk(flags, false, ({ books }) => auditReceipt(proof.receiptHash, [proofSource(file, proof)], books))
  } catch (error) {
    if (!(error instanceof SeamError && error.code === 'PROOF_INVALID')) throw error
    return { receipt: name ?? null, verdict: 'disproved', reasons: [error.message], finding: null, silent: [] }
  }
}

const sessionFlags = shared.extend({
  proof: z.array(z.string()).default([]),
  client: z.string().optional(),
  rerun: z.boolean().default(false),
  opening: z.string().optional(),
  model: z.string(),
  blocks: integer(1, 4_096),
  range: z
    .string()
    .regex(/^\d{1,9}:\d{1,9}$/, 'two positions, from:to')
    .optional(),
  threads: integer(1, 256)
})

const session = async (named: string, command: Command): Promise<number> => {
  const flags = flagsOf(command, sessionFlags)
  const id = bytes32(named, 'a session')
  const client = flags.client === undefined ? undefined : address(flags.client, 'a client')
  const files = await Promise.all(flags.proof.map(async (file) => proofSource(file, await readProofFile(file))))
  const opening = flags.rerun ? await readOpeningFile(flags.opening) : undefined
  const report = await atDesk(flags, true, async ({ sources, books, ledger }) => {
    const found: SessionReport & { rerun?: SessionRerun } = await auditSession(id, [...files, ...sources], books, client)
    if (opening === undefined) return found
    const { rerunSession } = await import('../audit/rerun-session.ts') // the engine, only where it is asked for
    const { model: modelDir, blocks, threads } = flags
    const [from, to] = flags.range?.split(':').map(Number) ?? []
    const range = from === undefined || to === undefined ? undefined : { from, to }
    const chain = { rpc: ledger.rpc, deployment: ledger.deployment, rng: systemRng }
    return rerunSession(found, { modelDir, opening, blocks, threads, ...(range && { range }) }, chain)
  })
  return tell(report, flags, (paint) => printSession(report, paint))
}

/** Throws CONFIG for a file that cannot be read, OPENING_INVALID for one that is no opening. */
const readOpeningFile = async (file: string | undefined): Promise<Opening> => {
  if (file === undefined) throw new SeamError('BAD_REQUEST', '--rerun needs --opening')
  return readOpening(await readTextFile(file, OPENING_BYTES_MAX))
}

const provider = async (named: string, command: Command): Promise<number> => {
  const flags = flagsOf(command, shared)
  const account = address(named, 'a provider')
  const report = await atDesk(flags, false, ({ ledger }) => auditProvider(ledger, account))
  return tell(report, flags, (paint) => printProvider(report, paint))
}

const batch = async (named: string, numbered: string, command: Command): Promise<number> => {
  const flags = flagsOf(command, shared)
  const account = address(named, 'a provider')
  if (!/^\d{1,15}$/.test(numbered)) throw new SeamError('BAD_REQUEST', 'a batch is named by its provider and its number')
  const report = await atDesk(flags, false, ({ ledger }) => auditBatch(ledger, account, Number(numbered)))
  return tell(report, flags, (paint) => printBatch(report, paint))
}

/** Opens what the flags name, audits, and closes it. `peers`: whether anyone but the chain is asked. */
const atDesk = async <Report extends Outcome>(
  flags: Shared,
  peers: boolean,
  audit: (desk: Desk) => Promise<Report>
): Promise<Report> => {
  const devnet = await readDevnet(flags.home)
  const rpc = flags.rpc ?? devnet?.rpc
  const deployment = flags.deployment === undefined ? devnet?.deployment : readDeployment(flags.deployment)
  if (rpc === undefined || deployment === undefined) {
    throw new SeamError('CONFIG', `no devnet runs under ${flags.home}: give --rpc and --deployment`)
  }
  const explorer = flags.explorer ?? devnet?.explorer
  const bootstrap = flags.bootstrap ?? devnet?.bootstrap ?? []
  const asked = peers ? { bootstrap, ...(explorer !== undefined && { explorer }) } : { bootstrap: [] }
  const signal = AbortSignal.timeout(flags.deadline * 1000)
  return withProgress('reading the chain, asking for receipts', async () => {
    const desk = await openDesk({ rpc, deployment, ...asked, signal })
    try {
      const report = await audit(desk)
      report.silent.unshift(...desk.silent)
      return report
    } finally {
      await desk.close()
    }
  })
}

const tell = (report: Outcome, { json }: Shared, print: (paint: Paint) => string): number => {
  process.stdout.write(json ? `${toJsonReport(report)}\n` : print(paintFor(process.stdout)))
  return exitCodes[report.verdict]
}

/** A chain that is away, or a peer, is no verdict: only what was found is 0 or 1. */
const judged = async (run: () => Promise<number>): Promise<never> => {
  let code: number
  try {
    code = await run()
  } catch (error) {
    if (error instanceof CommanderError) throw error
    process.stderr.write(`${reason(error)}\n`)
    code = ['CONFIG', 'BAD_REQUEST', 'OPENING_INVALID'].includes(codeOf(error)) ? EXIT_USAGE : exitCodes.unknown
  }
  throw new ExitCode(code)
}

const bytes32 = (text: string, what: string): Bytes32 => {
  if (!/^0x[0-9a-f]{64}$/i.test(text)) throw new SeamError('BAD_REQUEST', `${what} is named by 0x and 64 hex digits`)
  return text.toLowerCase() as Bytes32
}

const address = (text: string, what: string): Address => {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) throw new SeamError('BAD_REQUEST', `${what} is named by 0x and 40 hex digits`)
  return text.toLowerCase() as Address
}

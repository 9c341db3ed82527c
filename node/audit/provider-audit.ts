/**
 * Audits a provider's earnings: what its batches paid, as the ledger's events and the settlements' calldata say, against what the ledger's own
 * books say at the same block. Asks nobody but the chain.
 */
import { type Batch, isCommitted, LedgerClient, readBatches, readEvents } from 'openseam/chain/index'
import type { Wei } from 'openseam/protocol/amounts'
import type { Address, Bytes32, Hex } from 'openseam/protocol/eth'
import { type BookCheck, check, equal, missing, sumOf } from './book-check.ts'
import type { Outcome } from './outcome.ts'
import { checkBatchSplit, checkTotals, readSplits, type Splits } from './royalties.ts'

export interface BatchReport {
  number: number
  transaction: Hex
  block: number
  /** Seconds. */
  postedAt: number
  total: Wei
  royalty: Wei
  payments: { client: Address; modelId: Bytes32; from: Wei; to: Wei; units: number | null; workRoot: Bytes32 | null }[]
  checks: BookCheck[]
}

export interface ProviderReport extends Outcome {
  provider: Address
  /** Everything is as it stood after this block. */
  block: number
  batches: BatchReport[]
  /** Recomputed: what clients paid, what of it were royalties, what is left, and what of that was claimed. */
  gross: Wei
  royalties: Wei
  earned: Wei
  claimed: Wei
  /** What the ledger says. */
  ledger: { lifetime: Wei; amount: Wei; batches: number }
  checks: BookCheck[]
}

/** Throws only what the chain throws. */
export const auditProvider = async ({ rpc, deployment }: LedgerClient, provider: Address): Promise<ProviderReport> => {
  const block = await rpc.blockNumber()
  const ledger = new LedgerClient(rpc.at(block), deployment)
  const batches = await readBatches(rpc, deployment, provider, block)
  const splits = await readSplits(ledger, provider, modelsOf(batches), block)
  const reports: BatchReport[] = []
  for (const batch of batches) reports.push(await batchReport(ledger, batch, splits))
  const [books, claimed] = [await ledger.earned(provider), await claimedBy(ledger, provider, block)]
  const gross = sumOf(batches.map(({ header }) => header.total))
  const royalties = sumOf(batches.map(({ royalty }) => royalty))
  const earned = gross - royalties
  const checks = [
    checkNumbers(batches, books.batches),
    ...shortened(reports),
    await checkChannels(ledger, provider, batches),
    checkTotals(splits),
    equal('lifetime', 'what its batches paid it', earned, 'lifetime earnings', books.lifetime),
    equal('unclaimed', 'earned and not claimed', earned - claimed, 'unclaimed earnings', books.amount)
  ]
  const ofLedger = { lifetime: books.lifetime, amount: books.amount, batches: books.batches }
  return {
    provider,
    block,
    batches: reports,
    gross,
    royalties,
    earned,
    claimed,
    ledger: ofLedger,
    checks,
    silent: [],
    ...judged(checks)
  }
}

export interface OneBatchReport extends Outcome {
  provider: Address
  number: number
  /** Null where there is none of that number. */
  batch: BatchReport | null
}

/** Throws only what the chain throws. */
export const auditBatch = async (
  { rpc, deployment }: LedgerClient,
  provider: Address,
  number: number
): Promise<OneBatchReport> => {
  const block = await rpc.blockNumber()
  const ledger = new LedgerClient(rpc.at(block), deployment)
  const batches = await readBatches(rpc, deployment, provider, block)
  const batch = batches.find((one) => one.number === number)
  if (batch === undefined) {
    const reasons = [`the chain shows ${batches.length} batches of ${provider}, and none of number ${number}`]
    return { provider, number, batch: null, verdict: 'unknown', reasons, silent: [] }
  }
  const report = await batchReport(ledger, batch, await readSplits(ledger, provider, modelsOf([batch]), block))
  return { provider, number, batch: report, silent: [], ...judged(report.checks) }
}

const judged = (checks: readonly BookCheck[]): Pick<Outcome, 'verdict' | 'reasons'> => {
  const [wrong, absent] = (['fails', 'missing'] as const).map((outcome) => checks.filter((check) => check.outcome === outcome))
  const reasons = [...(wrong ?? []), ...(absent ?? [])].map(({ step, detail }) => `${step}: ${detail}`)
  return { verdict: wrong?.length ? 'disproved' : absent?.length ? 'unknown' : 'proved', reasons }
}

const modelsOf = (batches: readonly Batch[]): Bytes32[] => [
  ...new Set(batches.flatMap(({ payments }) => payments.map(({ modelId }) => modelId)))
]

const batchReport = async (ledger: LedgerClient, batch: Batch, splits: Splits): Promise<BatchReport> => {
  const { number, header, royalty, payments, leaves, transaction, block } = batch
  const rows = payments.map((row, i) => ({ ...row, units: leaves?.[i]?.units ?? null, workRoot: leaves?.[i]?.workRoot ?? null }))
  const paid = sumOf(payments.map(({ from, to }) => to - from))
  const committed = await isCommitted(ledger, batch)
  const checks: BookCheck[] = [
    equal('sum', `its ${payments.length} payments`, paid, 'total', header.total),
    equal('count', 'its payments', BigInt(payments.length), 'count', BigInt(header.count)),
    checkBatchSplit(splits, batch),
    leaves === null
      ? missing('vouchers', `transaction ${transaction} does not show the vouchers that make its root`)
      : check('vouchers', true, `the vouchers in its transaction make its root ${header.root}`, ''),
    check('commit', committed, 'the ledger holds its commitment', 'the ledger holds another commitment than its event makes')
  ]
  return { number, transaction, block, postedAt: header.postedAt, total: header.total, royalty, payments: rows, checks }
}

/** Batches count up from 0, and there are as many as the ledger counted. */
const checkNumbers = (batches: readonly Batch[], counted: number): BookCheck => {
  const wrong = batches.find(({ number }, i) => number !== i)
  if (wrong !== undefined) return check('batches', false, '', `batch ${wrong.number} is not the one that follows`)
  return equal('batches', 'events of batches', BigInt(batches.length), 'batches', BigInt(counted))
}

/** Of all batches: how many hold, and each step that does not. */
const shortened = (reports: readonly BatchReport[]): BookCheck[] => {
  const named = reports.flatMap(({ number, checks }) => checks.map((one) => ({ ...one, step: `batch ${number}, ${one.step}` })))
  // What its vouchers say does not change what it paid: that is for the audit of the batch. What cannot be split is said once, of all.
  const wrong = named.filter(({ outcome }) => outcome === 'fails')
  const hidden = reports.filter(({ checks }) => checks.some(({ step, outcome }) => step === 'vouchers' && outcome === 'missing'))
  const aside = hidden.length === 0 ? '' : `, ${hidden.length} of them in transactions that do not show their vouchers`
  const detail = `${reports.length} batches hold${aside}`
  return wrong.length > 0 ? wrong : [{ step: 'each batch', outcome: 'holds', detail }]
}

/** What was paid for each client and model is what the ledger counts as settled. */
const checkChannels = async (ledger: LedgerClient, provider: Address, batches: readonly Batch[]): Promise<BookCheck> => {
  const channels = new Map(batches.flatMap(({ payments }) => payments.map((row) => [`${row.modelId}:${row.client}`, row])))
  for (const { modelId, client, to } of channels.values()) {
    const { settled } = await ledger.channel(provider, modelId, client)
    if (settled !== to) return equal('channels', `payments of ${client} for ${modelId}`, to, 'settled total', settled)
  }
  return check('channels', true, `${channels.size} channels, each settled to what was paid`, '')
}

const claimedBy = async ({ rpc, deployment }: LedgerClient, provider: Address, block: number): Promise<Wei> => {
  let sum = 0n
  const account: Hex = `0x${provider.slice(2).padStart(64, '0')}`
  for await (const event of readEvents(rpc, deployment, deployment.block, block, [null, account])) {
    if (event.name === 'Claimed' && event.provider === provider) sum += event.amount
  }
  return sum
}

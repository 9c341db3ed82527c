// `node --conditions=source scripts/check-totals.ts RPC DEPLOYMENT_FILE EXPLORER`: the explorer's totals against sums made here from raw
// logs, word by word, with none of the code that indexes them. Exit 1 names what differs.
import { readFileSync } from 'node:fs'
import { bytesToHex, keccak256 } from '../sdk/protocol/eth.ts'

const [rpc = '', deploymentFile = '', explorer = ''] = process.argv.slice(2)
if (explorer === '') {
  process.stderr.write('usage: node --conditions=source scripts/check-totals.ts RPC DEPLOYMENT_FILE EXPLORER\n')
  process.exit(2)
}

interface RawLog {
  address: string
  topics: string[]
  data: string
}

const BLOCKS_AT_ONCE = 2_000
const topic = (signature: string): string => bytesToHex(keccak256(new TextEncoder().encode(signature)))
const words = (data: string): bigint[] => (data.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`))

const call = async (method: string, params: unknown[]): Promise<unknown> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error !== undefined) throw new Error(`${method}: ${error.message}`)
  return result
}

const { ledger, registry, block } = JSON.parse(readFileSync(deploymentFile, 'utf8')) as {
  ledger: string
  registry: string
  block: number
}
const summary = (await (await fetch(new URL('/api/summary', explorer))).json()) as Record<string, string | number>
const last = Number(summary['block'])

const sums = { deposited: 0n, withdrawn: 0n, settled: 0n, royalties: 0n, claimed: 0n, slashed: 0n }
let batches = 0n
let payments = 0n
let paid = 0n
/** By contract and first topic; the amount is the last word of what is not indexed. */
const count: Record<string, (data: bigint[]) => void> = {
  [ledger + topic('Deposited(address,address,uint96)')]: ([amount = 0n]) => (sums.deposited += amount),
  [ledger + topic('Withdrawn(address,uint96)')]: ([amount = 0n]) => (sums.withdrawn += amount),
  [ledger + topic('Claimed(address,address,uint96)')]: ([amount = 0n]) => (sums.claimed += amount),
  [registry + topic('Slashed(address,uint96)')]: ([amount = 0n]) => (sums.slashed += amount),
  [ledger + topic('BatchSettled(address,uint256,bytes32,uint256,uint256)')]: ([, total = 0n]) => {
    sums.settled += total
    batches++
  },
  [ledger + topic('GroupSettled(address,bytes32,uint256,uint256,uint256[])')]: ([royalty = 0n, , , ...items]) => {
    sums.royalties += royalty
    payments += BigInt(items.length)
    for (const item of items) paid += item % 2n ** 96n
  }
}
for (let from = block; from <= last; from += BLOCKS_AT_ONCE) {
  const to = Math.min(last, from + BLOCKS_AT_ONCE - 1)
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}`, address: [ledger, registry] }
  for (const log of (await call('eth_getLogs', [range])) as RawLog[]) {
    count[log.address.toLowerCase() + (log.topics[0] ?? '')]?.(words(log.data))
  }
}

const expected: Record<string, bigint> = { ...sums, batches, payments }
let wrong = 0
const row = (name: string, told: bigint, made: bigint): void => {
  if (told !== made) wrong++
  process.stdout.write(
    `${told === made ? 'equal ' : 'DIFFER'}  ${name.padEnd(10)} ${told}${told === made ? '' : `, the logs say ${made}`}\n`
  )
}
for (const [name, made] of Object.entries(expected)) row(name, BigInt(summary[name] ?? -1), made)
row('vouchers', sums.settled, paid)
process.exitCode = wrong === 0 ? 0 : 1

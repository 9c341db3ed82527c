// Writes test/vectors/{wire,session,voucher}.json from fixed inputs; `--check` fails when the code no longer gives them. Frozen: peers that
// run an older version read these bytes, and receipts that are signed hold these hashes. A change is a new protocol version.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChannelState } from '../sdk/protocol/channel.ts'
import { type Bytes32, bytesToHex, keccak256, signHash } from '../sdk/protocol/eth.ts'
import * as pb from '../sdk/protocol/pb/messages.js'
import { digest, EndReason, type LegOpen } from '../sdk/protocol/typed-data.ts'
import { amountOf, draftReceipt, outputHash, promptUnitsOf, requestHash } from '../sdk/protocol/work.ts'
import { examples } from './vectors-wire.ts'

const key = (text: string): Uint8Array<ArrayBuffer> => keccak256(new TextEncoder().encode(`openseam vector ${text}`))
const hash = (text: string): Bytes32 => bytesToHex(key(text))
const address = (text: string): Bytes32 => bytesToHex(key(text).subarray(0, 20))

type Codec = { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): unknown }
const codecs = pb as unknown as Record<string, Codec>

const wire = Object.entries(examples).flatMap(([message, list]) =>
  list.map((value) => ({ message, value, bytes: bytesToHex(codecs[message]!.encode(value)) }))
)

const salt = key('salt')
const promptIds = [1, 517, 33, 2 ** 32 - 1]
const answerIds = [9, 8, 7, 70_000]
const sampling = examples.Sampling[0]!
const terms = (changes: Partial<LegOpen>): LegOpen => ({
  sessionId: hash('session'),
  leg: 0,
  client: address('client'),
  clientPeer: hash('client peer'),
  provider: address('provider'),
  providerPeer: hash('provider peer'),
  modelId: hash('model'),
  promptWei: 3n,
  completionWei: 7n,
  from: 0,
  maxTo: 1_024,
  requestHash: hash('request'),
  prevEnd: EndReason.running,
  prevHead: hash('head'),
  deadline: 1_800_000_000,
  ...changes
})
const open = terms({})
const amounts = [
  [0, 0],
  [0, 4],
  [0, 10],
  [2, 3],
  [4, 10],
  [10, 11]
].map(([from = 0, to = 0]) => {
  const pricing = { open, completionFrom: 4 }
  return { from, to, promptUnits: promptUnitsOf(pricing, from, to), amount: amountOf(pricing, from, to) }
})
const session = {
  salt,
  prompt: { ids: promptIds, sampling, requestHash: requestHash(salt, promptIds, sampling) },
  answer: { ids: answerIds, outputHash: outputHash(salt, answerIds) },
  nothing: { outputHash: outputHash(salt, []) },
  amounts: { completionFrom: 4, promptWei: 3n, completionWei: 7n, rows: amounts }
}

const domain = { chainId: 31_337, ledger: address('ledger') }
const clientKey = key('client key')
const channel = new ChannelState({ client: open.client, provider: open.provider, modelId: open.modelId })
const stretches = [
  { leg: 0, seq: 0, from: 0, to: 5, end: EndReason.running },
  { leg: 0, seq: 1, from: 5, to: 37, end: EndReason.died },
  { leg: 1, seq: 0, from: 37, to: 38, end: EndReason.running },
  { leg: 1, seq: 1, from: 38, to: 38, end: EndReason.finished }
]
const steps = stretches.map(({ leg, seq, from, to, end }) => {
  const ids = Array.from({ length: to - from }, (_, i) => from + i)
  const receipt = draftReceipt(
    { open: terms({ leg }), salt, completionFrom: 4 },
    { seq, from, to, ids, kvHead: hash('head'), end }
  )
  const receiptHash = channel.append(domain, receipt)
  const voucher = channel.voucher()
  return {
    receipt,
    receiptHash,
    voucher,
    signature: signHash(digest(domain, 'Voucher', voucher), clientKey),
    tree: channel.tree.toBytes()
  }
})
const voucher = { domain, clientKey, salt, steps }

/** Bytes as hex and big numbers as decimal strings. */
const plain = (value: unknown): string =>
  `${JSON.stringify(
    value,
    (_key, v: unknown) => (v instanceof Uint8Array ? bytesToHex(v) : typeof v === 'bigint' ? v.toString() : v),
    2
  )}\n`

for (const [name, value] of Object.entries({ wire, session, voucher })) {
  const path = join(import.meta.dirname, `../test/vectors/${name}.json`)
  if (!process.argv.includes('--check')) writeFileSync(path, plain(value))
  else if (readFileSync(path, 'utf8') !== plain(value)) throw new Error(`${path} differs: an encoding changed`)
}

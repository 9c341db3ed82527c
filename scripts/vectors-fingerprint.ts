// Writes test/vectors/fingerprint.json from fixed inputs; `--check` fails when the code no longer gives them. Frozen: receipts that are signed
// hold these hashes, and openings that are kept hold these entries.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex, keccak256 } from '../sdk/protocol/eth.ts'
import { absentPrints, encodePrint, fingerprintOf, PRINT_BYTES, printBase } from '../sdk/protocol/fingerprint.ts'
import { type Opening, openedBase, openingText } from '../sdk/protocol/opening.ts'
import { Sampling } from '../sdk/protocol/pb/messages.js'
import { PrintLog } from '../sdk/protocol/print-log.ts'
import { outputHash, requestHash } from '../sdk/protocol/work.ts'
import { examples } from './vectors-wire.ts'

const key = (text: string): Uint8Array<ArrayBuffer> => keccak256(new TextEncoder().encode(`openseam vector ${text}`))
const hash = (text: string): `0x${string}` => bytesToHex(key(text))
const entryOf = (top: readonly number[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(PRINT_BYTES)
  encodePrint(top, bytes, 0)
  return bytes
}

// Logits as text, for JSON has neither infinity nor NaN; each rounds to the nearest 1/1024, ties upwards.
const rows = [
  ['2', '1.5', '1', '-1'],
  ['-3.25', '-4', '-5', '-6'],
  ['0.00048828125', '0', '0', '-0.00048828125'],
  ['-0.00048828125', '-0.5', '-64', '-65'],
  ['1000000000', '-1000000000', 'NaN', '-Infinity'],
  ['-Infinity', '-Infinity', '-Infinity', '-Infinity'],
  ['NaN'],
  ['7.25', '7.25']
]
const entries = rows.map((top) => ({ top, entry: entryOf(top.map(Number)) }))

const salt = key('salt')
const prompt = [1, 517, 33, 70_000]
const answer = [9, 8, 7, 6, 5, 4]
const sampling = examples.Sampling.map((example) => ({ ...example, completionFrom: prompt.length }))[0]!
const prints = new PrintLog(prompt.length)
for (const [i] of answer.entries()) prints.put(prompt.length + i, entryOf([8 - i, 4 - i, 2, -i]))
const ids = [...prompt, ...answer]
const request = requestHash(salt, prompt, sampling)
const baseOf = (given: number): `0x${string}` => printBase(salt, request, outputHash(salt, ids.slice(0, given)))
const gap = prints.slice(4, 7)
gap.set(absentPrints(1), PRINT_BYTES)

/** The leg was opened with `given` ids; the receipt is of [from, to). */
const receipts = [
  { given: 4, from: 0, to: 5 },
  { given: 4, from: 5, to: 8 },
  { given: 4, from: 0, to: 10 },
  { given: 8, from: 8, to: 10 },
  { given: 4, from: 0, to: 4 },
  { given: 4, from: 8, to: 11 }
].map(({ given, from, to }) => ({ given, from, to, fingerprint: prints.fingerprint(baseOf(given), from, to) }))

const opening: Opening = {
  sessionId: hash('session'),
  modelId: hash('model'),
  ids,
  completionFrom: prompt.length,
  prints: prints.slice(4, 10),
  sampling: Sampling.encode(sampling),
  legs: [
    { leg: 0, from: 0, salt },
    { leg: 1, from: 8, salt: key('another salt') }
  ]
}

const vectors = {
  entries,
  absent: absentPrints(1),
  leg: { salt, requestHash: request, ids, completionFrom: prompt.length, prints: prints.slice(4, 10), base: baseOf(4) },
  receipts,
  missing: { prints: gap, fingerprint: fingerprintOf(baseOf(4), gap) },
  opening: { text: openingText(opening), bases: opening.legs.map((leg) => openedBase(opening, leg)) }
}
const text = `${JSON.stringify(vectors, (_key, v: unknown) => (v instanceof Uint8Array ? bytesToHex(v) : v), 2)}\n`
const path = join(import.meta.dirname, '../test/vectors/fingerprint.json')
if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) throw new Error(`${path} differs: an encoding changed`)

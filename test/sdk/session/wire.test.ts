import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { ChannelState } from 'openseam/protocol/channel'
import { addressOf, type Bytes32, bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import * as pb from 'openseam/protocol/pb'
import { recoverTyped, type Voucher, type WorkReceipt } from 'openseam/protocol/typed-data'
import { amountOf, outputHash, promptUnitsOf, requestHash } from 'openseam/protocol/work'
import { WorkTree } from 'openseam/protocol/work-tree'
import { legOpen } from './support.ts'

type Codec = { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): object }
const codecs = pb as unknown as Record<string, Codec>
const read = (name: string): any => JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'))
const wire: { message: string; value: object; bytes: Bytes32 }[] = read('wire')

/** As the vectors write values: bytes as hex, big numbers as decimal strings, nothing for what is absent. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, v: unknown) =>
      v instanceof Uint8Array ? bytesToHex(v) : typeof v === 'bigint' ? v.toString() : v
    )
  )

describe('wire vectors', () => {
  it('cover every message', () => {
    const messages = Object.entries(codecs).flatMap(([name, codec]) => (typeof codec?.decode === 'function' ? [name] : []))
    expect(messages.length).to.be.greaterThan(50)
    expect([...new Set(wire.map(({ message }) => message))].sort()).to.deep.equal(messages.sort())
  })

  for (const [i, { message, value, bytes }] of wire.entries()) {
    it(`${message} #${i}: reads as it was meant, and is written as it was read`, () => {
      const decoded = codecs[message]!.decode(hexToBytes(bytes))
      expect(plain(decoded)).to.deep.equal(value)
      expect(bytesToHex(codecs[message]!.encode(decoded))).to.equal(bytes)
    })
  }

  it('a 64-bit number is written as itself, whatever its size', () => {
    const { value } = wire.find(({ message }) => message === 'Sampling') as { value: object }
    const sampling = { ...(value as pb.Sampling), grammar: undefined }
    const powers = Array.from({ length: 64 }, (_, bit) => 2n ** BigInt(bit))
    const seeds = [...powers, ...powers.map((power) => power - 1n), 2n ** 64n - 1n, 0x9e37_79b9n, 0xdead_beefn]
    for (const seed of seeds) {
      const read = pb.Sampling.decode(pb.Sampling.encode({ ...sampling, seed }))
      expect(read.seed, String(seed)).to.equal(seed)
      expect(pb.Sampling.encode(read).length).to.be.at.most(pb.Sampling.encode({ ...sampling, seed: 2n ** 64n - 1n }).length)
    }
  })

  it('a frame says one thing: of two, the last', () => {
    const two = wire.filter(({ message }) => message === 'ProviderFrame').slice(0, 2)
    const both = hexToBytes(`0x${two.map(({ bytes }) => bytes.slice(2)).join('')}`)
    expect(plain(pb.ProviderFrame.decode(both))).to.deep.equal(two[1]!.value)
  })
})

describe('session vectors', () => {
  const { salt, prompt, answer, nothing, amounts } = read('session')

  it('hashes of content are salted, and over exact bytes', () => {
    const sampling = { ...prompt.sampling, seed: BigInt(prompt.sampling.seed) }
    expect(requestHash(hexToBytes(salt), prompt.ids, sampling)).to.equal(prompt.requestHash)
    expect(outputHash(hexToBytes(salt), answer.ids)).to.equal(answer.outputHash)
    expect(outputHash(hexToBytes(salt), [])).to.equal(nothing.outputHash)
  })

  it('amounts: prompt below the first completion position, completion from there', () => {
    const open = legOpen({ promptWei: BigInt(amounts.promptWei), completionWei: BigInt(amounts.completionWei) })
    const pricing = { open, completionFrom: amounts.completionFrom }
    for (const { from, to, promptUnits, amount } of amounts.rows) {
      expect(promptUnitsOf(pricing, from, to)).to.equal(promptUnits)
      expect(amountOf(pricing, from, to)).to.equal(BigInt(amount))
    }
  })
})

describe('voucher vectors', () => {
  const { domain, clientKey, steps } = read('voucher')
  const receiptOf = (row: any): WorkReceipt => ({ ...row, amount: BigInt(row.amount) })
  const voucherOf = (row: any): Voucher => ({ ...row, cumulative: BigInt(row.cumulative) })

  it('each receipt has its name, each total its root, each voucher its signature', () => {
    const channel = new ChannelState(voucherOf(steps[0].voucher))
    for (const { receipt, receiptHash, voucher, signature, tree } of steps) {
      expect(channel.append(domain, receiptOf(receipt))).to.equal(receiptHash)
      expect(channel.voucher()).to.deep.equal(voucherOf(voucher))
      expect(bytesToHex(channel.tree.toBytes())).to.equal(tree)
      expect(WorkTree.fromBytes(hexToBytes(tree)).root()).to.equal(voucher.workRoot)
      expect(recoverTyped(domain, 'Voucher', voucherOf(voucher), hexToBytes(signature))).to.equal(
        addressOf(hexToBytes(clientKey))
      )
    }
  })
})

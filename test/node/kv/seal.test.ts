import { hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { codeOf } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { CHAIN_START, headMessage, KV_HEADER_BYTES, KV_KEYED_BYTES, tokenHashOf } from 'openseam/protocol/kv-header'
import { CELL_BYTES } from 'openseam/protocol/limits'
import { signerOf, verifierOf } from '../../../node/kv/ed25519.ts'
import { openBlock, type SealedBlock, type SealInit, sealBlock } from '../../../node/kv/seal.ts'
import { bytes, EPOCH_KEY, filled, idsOf, MODEL, NUMERICS, newPeer, plainOf } from './support.ts'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/kv.json', import.meta.url), 'utf8'))
const peer = newPeer(filled(32, 1))

const seal = (change: Partial<SealInit> = {}): SealedBlock =>
  sealBlock({
    dtype: 1,
    replica: filled(16, 1),
    leg: 1,
    generation: 0,
    block: 0,
    modelId: MODEL,
    numerics: NUMERICS,
    epochKey: EPOCH_KEY,
    plaintext: plainOf(0),
    tokenHash: tokenHashOf(filled(32, 13), idsOf(0)),
    prevHead: CHAIN_START,
    salt: filled(24, 2),
    sign: peer.sign,
    ...change
  })

const flip = (input: Uint8Array, at: number): Uint8Array => Uint8Array.from(input, (byte, i) => (i === at ? byte ^ 1 : byte))
const codeOfOpen = (block: Pick<SealedBlock, 'header' | 'tag' | 'cells'>, epochKey: Uint8Array = EPOCH_KEY): string => {
  try {
    openBlock({ ...block, epochKey })
    return 'none'
  } catch (error) {
    return codeOf(error)
  }
}

describe('seal', () => {
  for (const vector of vectors.chain) {
    it(`vector: block ${vector.block}`, () => {
      const { block } = vector
      const plaintext = Uint8Array.from({ length: vector.plaintextLength }, (_, i) => (31 * i + block) & 255)
      const prev = block === 0 ? CHAIN_START : hexToBytes(vectors.chain[block - 1].head)
      const sealed = sealBlock({
        dtype: vectors.fields.dtype,
        replica: hexToBytes(vectors.fields.replica),
        leg: vectors.fields.leg,
        generation: vector.generation,
        block,
        modelId: hexToBytes(vectors.fields.modelId),
        numerics: hexToBytes(vectors.fields.numerics),
        epochKey: hexToBytes(vector.epochKey),
        plaintext,
        tokenHash: hexToBytes(vector.tokenHash),
        prevHead: prev,
        salt: hexToBytes(vector.salt),
        sign: signerOf(hexToBytes(vectors.peerSeed))
      })
      for (const field of ['header', 'tag', 'head', 'signature', 'ciphertextHash'] as const)
        expect(bytesToHex(sealed[field])).to.equal(vector[field])
      expect(bytesToHex(sealed.cells[0]?.subarray(0, 32) as Uint8Array)).to.equal(vector.ciphertextStart)
      expect(sealed.cells.length).to.equal(vector.cells)
      expect(Buffer.compare(openBlock({ ...sealed, epochKey: hexToBytes(vector.epochKey) }), plaintext)).to.equal(0)
      expect(codeOfOpen(sealed, filled(32, 99))).to.equal('KV_CORRUPT')
    })
  }

  it('is what another implementation of the spec opens', async () => {
    const sealed = seal({ plaintext: plainOf(3, 100_000) })
    const keyed = sealed.header.subarray(0, KV_KEYED_BYTES)
    const info = await crypto.subtle.digest('SHA-256', Buffer.concat([Buffer.from('openseam-kv-key-1'), keyed]))
    const derived = Buffer.from(
      hkdfSync('sha256', EPOCH_KEY, sealed.header.subarray(KV_KEYED_BYTES, KV_KEYED_BYTES + 24), new Uint8Array(info), 64)
    )
    expect(Buffer.compare(derived.subarray(32), sealed.header.subarray(KV_HEADER_BYTES - 32))).to.equal(0)
    const key = await crypto.subtle.importKey('raw', derived.subarray(0, 32), 'AES-GCM', false, ['decrypt'])
    const params = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: Uint8Array.from(sealed.header) }
    const padded = new Uint8Array(await crypto.subtle.decrypt(params, key, Buffer.concat([...sealed.cells, sealed.tag])))
    expect(padded.length).to.equal(2 * CELL_BYTES)
    expect(Buffer.compare(padded.subarray(0, 100_000), plainOf(3, 100_000))).to.equal(0)
    expect(padded.subarray(100_000).every((byte) => byte === 0)).to.equal(true)
    const { createHash } = await import('node:crypto')
    const head = createHash('sha256').update('kv1').update(CHAIN_START).update(Buffer.alloc(4)).update(sealed.tokenHash)
    head.update(createHash('sha256').update(Buffer.concat(sealed.cells)).digest()).update(sealed.header)
    expect(bytesToHex(head.digest())).to.equal(bytesToHex(sealed.head))
  })

  it('opens from cells and from one piece, into a buffer of exactly the plaintext', () => {
    for (const length of [1, 100, CELL_BYTES - 1, CELL_BYTES, CELL_BYTES + 1, 3 * CELL_BYTES, 200_000]) {
      const sealed = seal({ plaintext: plainOf(1, length) })
      expect(sealed.cells.every((cell) => cell.length === CELL_BYTES)).to.equal(true)
      for (const cells of [sealed.cells, [Buffer.concat(sealed.cells)]]) {
        const opened = openBlock({ ...sealed, cells, epochKey: EPOCH_KEY })
        expect(Buffer.compare(opened, plainOf(1, length))).to.equal(0)
        expect(opened.buffer.byteLength).to.equal(length)
      }
    }
  })

  it('one bit flipped in any byte of header, tag or body does not open', () => {
    const sealed = seal({ plaintext: plainOf(0, 70_000) })
    expect(codeOfOpen(sealed)).to.equal('none')
    for (let at = 0; at < KV_HEADER_BYTES; at++)
      expect(codeOfOpen({ ...sealed, header: flip(sealed.header, at) }), `header byte ${at}`).to.not.equal('none')
    for (let at = 0; at < 16; at++) expect(codeOfOpen({ ...sealed, tag: flip(sealed.tag, at) })).to.equal('KV_CORRUPT')
    for (const at of [0, 1, 40_000, CELL_BYTES - 1]) {
      for (const cell of [0, 1]) {
        const cells = sealed.cells.map((body, i) => (i === cell ? flip(body, at) : body))
        expect(codeOfOpen({ ...sealed, cells })).to.equal('KV_CORRUPT')
      }
    }
  })

  it('refuses missing, extra and swapped cells, another key, a short tag', () => {
    const sealed = seal({ plaintext: plainOf(0, 2 * CELL_BYTES) })
    const [a, b] = sealed.cells as [Uint8Array, Uint8Array]
    for (const cells of [[], [a], [a, b, a], [b, a]]) expect(codeOfOpen({ ...sealed, cells })).to.equal('KV_CORRUPT')
    expect(codeOfOpen(sealed, bytes(32))).to.equal('KV_CORRUPT')
    expect(codeOfOpen({ ...sealed, tag: sealed.tag.subarray(0, 12) })).to.equal('KV_CORRUPT')
  })

  it('commits to its key: a writer cannot claim another commitment', () => {
    const sealed = seal()
    const header = Uint8Array.from(sealed.header)
    header.set(seal({ epochKey: filled(32, 50) }).header.subarray(KV_HEADER_BYTES - 32), KV_HEADER_BYTES - 32)
    expect(codeOfOpen({ ...sealed, header })).to.equal('KV_CORRUPT')
  })

  it('the same salt gives the same bytes, another salt other bytes', () => {
    const [a, b, c] = [seal(), seal(), seal({ salt: filled(24, 3) })]
    expect(Buffer.compare(a.cells[0] as Uint8Array, b.cells[0] as Uint8Array)).to.equal(0)
    expect(bytesToHex(a.head)).to.equal(bytesToHex(b.head))
    expect(Buffer.compare(a.cells[0] as Uint8Array, c.cells[0] as Uint8Array)).to.not.equal(0)
  })

  it('signs the chain head', () => {
    const sealed = seal()
    expect(verifierOf(peer.raw)(headMessage(sealed.head), sealed.signature)).to.equal(true)
    expect(verifierOf(newPeer().raw)(headMessage(sealed.head), sealed.signature)).to.equal(false)
    expect(verifierOf(peer.raw)(headMessage(sealed.head), new Uint8Array(3))).to.equal(false)
    expect(verifierOf(filled(32, 255))(headMessage(sealed.head), sealed.signature)).to.equal(false)
  })

  it('does not compress, whatever is inside', () => {
    const plaintext = new Uint8Array(4 * CELL_BYTES)
    const body = Buffer.concat(seal({ plaintext }).cells)
    expect(gzipSync(plaintext).length).to.be.below(1000)
    expect(gzipSync(body, { level: 9 }).length / body.length).to.be.above(0.999)
  })
})

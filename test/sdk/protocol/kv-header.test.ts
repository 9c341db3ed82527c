import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { decodeGrant, openGrant, signGrant } from 'openseam/protocol/grant'
import {
  CHAIN_START,
  chainHead,
  checkNext,
  decodeKvHeader,
  decodeKvRecord,
  draftKvHeader,
  encodeKvRecord,
  KV_HEADER_BYTES,
  KV_RECORD_BYTES,
  tokenHashOf
} from 'openseam/protocol/kv-header'
import { BLOCK_CELLS_MAX, CELL_BYTES } from 'openseam/protocol/limits'
import { filled, newPeer, requestFor } from '../../node/kv/support.ts'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/kv.json', import.meta.url), 'utf8'))

const fieldsOf = (change = {}) => ({
  dtype: 1,
  replica: filled(16, 1),
  leg: 2,
  generation: 3,
  block: 4,
  plaintextLength: 65_536,
  modelId: filled(32, 5),
  numerics: filled(32, 6),
  prev: filled(32, 7),
  ...change
})
const refuses = (act: () => unknown): void => {
  expect(act).to.throw(SeamError).with.property('code', 'WIRE_MALFORMED')
}

describe('KV block header', () => {
  for (const vector of vectors.chain) {
    it(`vector: block ${vector.block}`, () => {
      const header = hexToBytes(vector.header, KV_HEADER_BYTES)
      const fields = decodeKvHeader(header)
      expect(fields).to.include({
        dtype: 1,
        leg: 3,
        block: vector.block,
        generation: vector.generation,
        plaintextLength: vector.plaintextLength
      })
      expect(bytesToHex(fields.replica)).to.equal(vectors.fields.replica)
      expect(bytesToHex(fields.modelId)).to.equal(vectors.fields.modelId)
      expect(bytesToHex(fields.numerics)).to.equal(vectors.fields.numerics)
      expect(bytesToHex(fields.salt)).to.equal(vector.salt)
      const redrafted = draftKvHeader(fields, fields.salt)
      redrafted.set(fields.commitment, KV_HEADER_BYTES - 32)
      expect(bytesToHex(redrafted)).to.equal(vector.header)
      const ids = Array.from({ length: 32 }, (_, i) => 1000 * vector.block + i)
      expect(bytesToHex(tokenHashOf(hexToBytes(vectors.auditSalt), ids))).to.equal(vector.tokenHash)
      const link = {
        prev: fields.prev,
        block: vector.block,
        tokenHash: hexToBytes(vector.tokenHash),
        ciphertextHash: hexToBytes(vector.ciphertextHash),
        header
      }
      expect(bytesToHex(chainHead(link))).to.equal(vector.head)
    })
  }

  it('refuses another version, suite, length, positions or size', () => {
    const good = draftKvHeader(fieldsOf(), filled(24, 8))
    const changed = (offset: number, value: number): Uint8Array =>
      Uint8Array.from(good, (byte, i) => (i === offset ? value : byte))
    decodeKvHeader(good)
    for (const offset of [0, 1, 31, 35, 37]) refuses(() => decodeKvHeader(changed(offset, 99)))
    refuses(() => decodeKvHeader(good.subarray(1)))
    refuses(() => decodeKvHeader(new Uint8Array(KV_HEADER_BYTES + 1)))
    refuses(() => decodeKvHeader(draftKvHeader(fieldsOf({ plaintextLength: 0 }), filled(24, 8))))
    refuses(() => decodeKvHeader(draftKvHeader(fieldsOf({ plaintextLength: BLOCK_CELLS_MAX * CELL_BYTES + 1 }), filled(24, 8))))
    refuses(() => draftKvHeader(fieldsOf({ replica: filled(15, 1) }), filled(24, 8)))
    refuses(() => draftKvHeader(fieldsOf(), filled(23, 8)))
  })

  it('says which field does not continue a chain', () => {
    const next = decodeKvHeader(draftKvHeader(fieldsOf(), filled(24, 8)))
    const expected = { replica: filled(16, 1), leg: 2, block: 4, prev: filled(32, 7) }
    checkNext(next, expected)
    for (const change of [{ leg: 3 }, { block: 5 }, { replica: filled(16, 2) }, { prev: CHAIN_START }]) {
      expect(() => checkNext(next, { ...expected, ...change }))
        .to.throw(SeamError, Object.keys(change)[0])
        .with.property('code', 'KV_CHAIN')
    }
  })

  it('random bytes give fields or a SeamError, never anything else', () => {
    const tolerant = (decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void => {
      try {
        decode(bytes)
      } catch (error) {
        expect(['WIRE_MALFORMED', 'WIRE_TOO_LONG']).to.include(codeOf(error))
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: KV_HEADER_BYTES - 2, maxLength: KV_HEADER_BYTES + 2 }), (bytes) =>
        tolerant(decodeKvHeader, bytes)
      )
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: KV_RECORD_BYTES + 4 }), (bytes) => tolerant(decodeKvRecord, bytes)))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => tolerant(decodeGrant, bytes)))
  })

  it('any fields come back as they went in', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    const fields = fc.record({
      dtype: fc.integer({ min: 0, max: 65_535 }),
      replica: bytes(16),
      leg: u32,
      generation: u32,
      block: fc.integer({ min: 0, max: 2 ** 27 - 1 }),
      plaintextLength: fc.integer({ min: 1, max: BLOCK_CELLS_MAX * CELL_BYTES }),
      modelId: bytes(32),
      numerics: bytes(32),
      prev: bytes(32)
    })
    fc.assert(
      fc.property(fields, bytes(24), bytes(32), (input, salt, tokenHash) => {
        const record = decodeKvRecord(encodeKvRecord(draftKvHeader(input, salt), tokenHash))
        expect(bytesToHex(record.tokenHash)).to.equal(bytesToHex(tokenHash))
        const { firstPosition, count, commitment, salt: drawn, ...rest } = decodeKvHeader(record.header)
        expect({ firstPosition, count }).to.deep.equal({ firstPosition: input.block * 32, count: 32 })
        expect(bytesToHex(drawn)).to.equal(bytesToHex(salt))
        expect(bytesToHex(commitment)).to.equal(bytesToHex(CHAIN_START))
        const hex = (value: Record<string, number | Uint8Array>) =>
          Object.fromEntries(
            Object.entries(value).map(([name, part]) => [name, typeof part === 'number' ? part : bytesToHex(part)])
          )
        expect(hex(rest)).to.deep.equal(hex(input))
      })
    )
  })
})

describe('grant', () => {
  const peer = newPeer(filled(32, 1))
  const request = requestFor(newPeer(filled(32, 2)))
  const grant = {
    ...request,
    grantId: filled(16, 4),
    provider: filled(20, 3),
    peer: peer.raw,
    numerics: filled(32, 9),
    promptWei: Uint8Array.of(1),
    completionWei: Uint8Array.of(2),
    standbyWei: new Uint8Array(0),
    resumeWei: new Uint8Array(0),
    lockedUntilMs: 1_700_000_000_000
  }

  it('opens for the request it answers, from the peer that signed it', () => {
    expect(openGrant(signGrant(grant, peer.sign), peer.raw, request).lockedUntilMs).to.equal(grant.lockedUntilMs)
  })

  it('refuses another peer, another request, a smaller promise, a changed byte', () => {
    const signed = signGrant(grant, peer.sign)
    const refused = (act: () => unknown): void => {
      expect(act).to.throw(SeamError).with.property('code', 'GRANT_UNKNOWN')
    }
    refused(() => openGrant(signed, newPeer().raw, request))
    for (const change of [
      { replica: filled(16, 9) },
      { client: filled(20, 9) },
      { modelId: filled(32, 1) },
      { servingPeer: filled(32, 1) }
    ]) {
      refused(() => openGrant(signed, peer.raw, { ...request, ...change }))
    }
    refused(() => openGrant(signed, peer.raw, { ...request, bytesMax: request.bytesMax + 1 }))
    refused(() =>
      openGrant({ ...signed, signature: signed.signature.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) }, peer.raw, request)
    )
    refused(() => openGrant({ ...signed, signature: new Uint8Array(0) }, peer.raw, request))
    const cheaper = signGrant({ ...grant, promptWei: new Uint8Array(0) }, peer.sign)
    refused(() => openGrant({ body: cheaper.body, signature: signed.signature }, peer.raw, request))
  })

  it('refuses fields of the wrong length and amounts that are not minimal', () => {
    const refused = (change: object): void => {
      expect(() => decodeGrant(signGrant({ ...grant, ...change }, peer.sign).body))
        .to.throw(SeamError)
        .with.property('code', 'WIRE_MALFORMED')
    }
    refused({ grantId: filled(15, 1) })
    refused({ client: filled(32, 1) })
    refused({ promptWei: Uint8Array.of(0, 1) })
    refused({ resumeWei: filled(13, 1) })
  })
})

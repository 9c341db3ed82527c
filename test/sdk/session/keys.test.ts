import { hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { systemRng } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { LegSecret } from 'openseam/protocol/pb'
import {
  auditSalt,
  epochKey,
  logKeyOf,
  newRoot,
  openLegSecret,
  openLog,
  parkKeyOf,
  replicaOf,
  sealLegSecret,
  sealLog,
  unwrapRoot,
  wrapRoot,
  x25519KeyPair
} from 'openseam/session/keys'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/keys.json', import.meta.url), 'utf8'))
const filled = (count: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(count).fill(value)
const flipped = (bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte))
const codeOfRejection = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', codeOf)

describe('session keys', () => {
  const root = hexToBytes(vectors.root)

  it('vectors', () => {
    for (const { leg, generation, key } of vectors.epochKeys) {
      expect(bytesToHex(epochKey(root, { leg, generation, providerPeer: vectors.peer, modelId: vectors.modelId }))).to.equal(key)
      expect(
        bytesToHex(
          epochKey(root, { leg, generation, providerPeer: hexToBytes(vectors.peer), modelId: hexToBytes(vectors.modelId) })
        )
      ).to.equal(key)
    }
    for (const { leg, salt } of vectors.auditSalts) expect(bytesToHex(auditSalt(root, leg))).to.equal(salt)
    for (const { leg, replica } of vectors.replicas) expect(bytesToHex(replicaOf(root, leg))).to.equal(replica)
    expect(bytesToHex(parkKeyOf(root, vectors.peer))).to.equal(vectors.parkKey)
    expect(bytesToHex(logKeyOf(root))).to.equal(vectors.logKey)
    const pair = x25519KeyPair(hexToBytes(vectors.x25519.seed))
    expect(bytesToHex(pair.privateKey)).to.equal(vectors.x25519.privateKey)
    expect(bytesToHex(pair.publicKey)).to.equal(vectors.x25519.publicKey)
  })

  it('agrees with another HKDF', () => {
    const info = Buffer.concat([
      Buffer.from('openseam-epoch-1'),
      Buffer.from([0, 0, 0, 7, 0, 0, 0, 8]),
      filled(32, 1),
      filled(32, 2)
    ])
    const other = new Uint8Array(hkdfSync('sha256', root, '', info, 32))
    expect(bytesToHex(epochKey(root, { leg: 7, generation: 8, providerPeer: filled(32, 1), modelId: filled(32, 2) }))).to.equal(
      bytesToHex(other)
    )
  })

  it('no two uses share a value', () => {
    const values = [
      ...[0, 1, 256].flatMap((leg) => [auditSalt(root, leg), replicaOf(root, leg)]),
      ...[0, 1].flatMap((leg) =>
        [0, 1].map((generation) => epochKey(root, { leg, generation, providerPeer: filled(32, 1), modelId: filled(32, 2) }))
      ),
      epochKey(root, { leg: 0, generation: 0, providerPeer: filled(32, 3), modelId: filled(32, 2) }),
      epochKey(root, { leg: 0, generation: 0, providerPeer: filled(32, 1), modelId: filled(32, 3) }),
      parkKeyOf(root, filled(32, 1)),
      parkKeyOf(root, filled(32, 2)),
      logKeyOf(root),
      auditSalt(newRoot(systemRng), 0)
    ].map((value) => bytesToHex(value).slice(0, 34))
    expect(new Set(values).size).to.equal(values.length)
  })

  it('refuses numbers and keys out of range', () => {
    expect(() => auditSalt(root, -1)).to.throw('32-bit')
    expect(() => auditSalt(root, 2 ** 32)).to.throw('32-bit')
    expect(() => auditSalt(root.subarray(1), 0)).to.throw('32 bytes')
  })
})

describe('leg secret', () => {
  const pair = x25519KeyPair(hexToBytes(vectors.x25519.seed))
  const scope = { sessionId: vectors.legSecret.sessionId, leg: vectors.legSecret.leg, providerPeer: vectors.peer }
  const frozen = { enc: hexToBytes(vectors.legSecret.enc), ciphertext: hexToBytes(vectors.legSecret.ciphertext) }

  it('vector: the frozen message opens', async () => {
    const secret = await openLegSecret({ ...pair, ...scope, sealed: frozen })
    expect(bytesToHex(LegSecret.encode(secret))).to.equal(vectors.legSecret.plaintext)
  })

  it('round trip; two sealings differ', async () => {
    const secret = { write: { leg: 1, generation: 0, key: filled(32, 1) }, read: [], auditSalt: filled(32, 2) }
    const seal = () => sealLegSecret({ ...scope, recipient: pair.publicKey, secret })
    const [a, b] = [await seal(), await seal()]
    expect(bytesToHex(a.ciphertext)).to.not.equal(bytesToHex(b.ciphertext))
    const opened = await openLegSecret({ ...pair, ...scope, sealed: a })
    expect(bytesToHex(opened.write?.key as Uint8Array)).to.equal(bytesToHex(secret.write.key))
    expect(opened.read).to.deep.equal([])
  })

  it('opens for no other peer key, session, leg or peer, and not changed', async () => {
    const attempt = (change: object): Promise<string> =>
      codeOfRejection(openLegSecret({ ...pair, ...scope, sealed: frozen, ...change }))
    expect(await attempt({})).to.equal('none')
    const changes = [
      x25519KeyPair(filled(32, 9)),
      { sessionId: filled(32, 1) },
      { leg: 3 },
      { providerPeer: filled(32, 1) },
      { sealed: { ...frozen, ciphertext: flipped(frozen.ciphertext, 0) } },
      { sealed: { ...frozen, enc: flipped(frozen.enc, 0) } },
      { sealed: { enc: new Uint8Array(0), ciphertext: new Uint8Array(0) } }
    ]
    for (const change of changes) expect(await attempt(change)).to.equal('SECRET_UNREADABLE')
  })

  it('refuses a secret whose keys have the wrong length', async () => {
    const secret = { write: { leg: 1, generation: 0, key: filled(31, 1) }, read: [], auditSalt: filled(32, 2) }
    const sealed = await sealLegSecret({ ...scope, recipient: pair.publicKey, secret })
    expect(await codeOfRejection(openLegSecret({ ...pair, ...scope, sealed }))).to.equal('SECRET_UNREADABLE')
  })
})

describe('records on the client’s disk', () => {
  const key = filled(32, 3)

  it('the root comes back under the store key, and under no other', async () => {
    const root = newRoot(systemRng)
    const wrapped = await wrapRoot(key, root)
    expect(bytesToHex(await unwrapRoot(key, wrapped))).to.equal(bytesToHex(root))
    expect(await codeOfRejection(unwrapRoot(filled(32, 4), wrapped))).to.equal('STORE_CORRUPT')
    for (const at of [0, 12, wrapped.length - 1])
      expect(await codeOfRejection(unwrapRoot(key, flipped(wrapped, at)))).to.equal('STORE_CORRUPT')
    expect(await codeOfRejection(unwrapRoot(key, new Uint8Array(0)))).to.equal('STORE_CORRUPT')
  })

  it('a piece of the log opens in its place only, and is no root', async () => {
    const piece = await sealLog(key, Uint8Array.of(1, 2, 3), 'session/7')
    expect([...(await openLog(key, piece, 'session/7'))]).to.deep.equal([1, 2, 3])
    expect(await codeOfRejection(openLog(key, piece, 'session/8'))).to.equal('STORE_CORRUPT')
    expect(await codeOfRejection(openLog(key, await wrapRoot(key, filled(32, 1))))).to.equal('STORE_CORRUPT')
    expect([...(await openLog(key, await sealLog(key, new Uint8Array(0))))]).to.deep.equal([])
  })
})

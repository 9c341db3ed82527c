import { expect } from 'chai'
import type { Host } from '../../../sdk/net/host.ts'
import { type FileCache, fetchModel, type ServedModel, serveModelFiles } from '../../../sdk/net/model-fetch.ts'
import { readManifest, sha256Of } from '../../../sdk/net/model-manifest.ts'
import { modelProtocol } from '../../../sdk/net/protocols.ts'
import { MODEL_CHUNK_BYTES, MODEL_FILE_BYTES_MAX } from '../../../sdk/protocol/limits.ts'
import type { ModelChunk } from '../../../sdk/protocol/pb/messages.js'
import { MODEL } from '../market/support/offers.ts'
import { closeHosts, failure, host } from './support/peers.ts'

const TOKENIZER = new Uint8Array(MODEL_CHUNK_BYTES * 2 + 17).map((_, i) => i * 31)
const CONFIG = new TextEncoder().encode('{"a":1}')

const manifestOf = (files: object[]): Uint8Array => new TextEncoder().encode(JSON.stringify({ name: 'seam-chat', files }))

const FILES = [
  { path: 'tokenizer.json', size: TOKENIZER.length, sha256: sha256Of(TOKENIZER) },
  { path: 'config.json', size: CONFIG.length, sha256: sha256Of(CONFIG).slice(2) }, // with or without 0x
  { path: 'empty.txt', size: 0, sha256: sha256Of(new Uint8Array(0)) },
  { path: 'onnx/model.onnx', size: 5_000_000_000, sha256: '0'.repeat(64) }
]
const MANIFEST = manifestOf(FILES)
const SERVED: ServedModel = {
  modelId: MODEL,
  manifest: MANIFEST,
  files: new Map([
    ['tokenizer.json', TOKENIZER],
    ['config.json', CONFIG],
    ['empty.txt', new Uint8Array(0)]
  ])
}
const WANTED = { modelId: MODEL, manifestHash: sha256Of(MANIFEST) }

const pair = async (): Promise<{ server: Host; client: Host }> => {
  const [server, client] = [await host(), await host({ listen: [] })]
  await client.connect(server.multiaddrs())
  return { server, client }
}

describe('model files', () => {
  afterEach(closeHosts)

  it('come from a peer, are checked, and leave the weights where they are', async () => {
    const { server, client } = await pair()
    serveModelFiles(server, [SERVED])
    const { manifestBytes, files } = await fetchModel(client, server.peer, WANTED)
    expect(sha256Of(manifestBytes)).to.equal(WANTED.manifestHash)
    expect([...files.keys()]).to.deep.equal(['tokenizer.json', 'config.json', 'empty.txt'])
    expect(files.get('tokenizer.json')).to.deep.equal(TOKENIZER)
  })

  it('are fetched once when there is a cache, and a damaged cache is not believed', async () => {
    const { server, client } = await pair()
    serveModelFiles(server, [SERVED])
    const held = new Map<string, Uint8Array>()
    const cache: FileCache = { get: async (hash) => held.get(hash), put: async (hash, bytes) => void held.set(hash, bytes) }
    await fetchModel(client, server.peer, { ...WANTED, cache })
    expect(held.size).to.equal(4)
    held.set(sha256Of(CONFIG), Uint8Array.of(1))
    const { files } = await fetchModel(client, server.peer, { ...WANTED, cache })
    expect(files.get('config.json')).to.deep.equal(CONFIG)
    expect(held.get(sha256Of(CONFIG))).to.deep.equal(CONFIG)
  })

  it('are refused by name where a peer does not have them', async () => {
    const { server, client } = await pair()
    serveModelFiles(server, [{ ...SERVED, files: new Map() }])
    expect((await failure(fetchModel(client, server.peer, WANTED))).code).to.equal('MODEL_FILE_MISSING')
    expect((await failure(fetchModel(client, server.peer, { ...WANTED, modelId: `0x${'00'.repeat(32)}` }))).code).to.equal(
      'MODEL_UNKNOWN'
    )
    expect((await failure(fetchModel(client, server.peer, { ...WANTED, wanted: (path) => path === 'empty.txt' }))).code).to.equal(
      'MODEL_FILE_MISSING'
    )
  })

  it('are not fetched where there is more of them than a client can hold, not even the first', async () => {
    const client = await host({ listen: [] })
    const many = (count: number, size: number): Uint8Array =>
      manifestOf([FILES[1]!, ...Array.from({ length: count }, (_, i) => ({ ...FILES[0], path: `part-${i}.json`, size }))])
    for (const manifest of [many(1, MODEL_FILE_BYTES_MAX + 1), many(5, MODEL_FILE_BYTES_MAX)]) {
      const asked: string[] = []
      const modelId = sha256Of(manifest)
      const files = new Map([['config.json', CONFIG]])
      const serving = await host()
      const get = (name: string): Uint8Array | undefined => {
        asked.push(name)
        return files.get(name)
      }
      serveModelFiles(serving, [{ modelId, manifest, files: { get } as ReadonlyMap<string, Uint8Array> }])
      await client.connect(serving.multiaddrs())
      const fetching = fetchModel(client, serving.peer, { modelId, manifestHash: sha256Of(manifest) })
      expect((await failure(fetching)).code).to.equal('MODEL_UNSUPPORTED')
      expect(asked).to.deep.equal([])
    }
  })

  it('of a liar are not accepted, whatever it sends', async () => {
    const lies: [string, ModelChunk[]][] = [
      ['other bytes', [{ data: new Uint8Array(MANIFEST.length), size: MANIFEST.length, last: true }]],
      ['too large', [{ data: new Uint8Array(1), size: 2 ** 40, last: false }]],
      ['too many bytes', [{ data: new Uint8Array(100), size: 10, last: true }]],
      ['too few bytes', [{ data: new Uint8Array(5), size: 10, last: true }]],
      ['no progress', [{ data: new Uint8Array(0), size: 10, last: false }]]
    ]
    for (const [what, chunks] of lies) {
      const { server, client } = await pair()
      server.handle(modelProtocol, async (channel) => {
        for await (const _ of channel.receive()) for (const chunk of chunks) await channel.send(chunk)
      })
      expect((await failure(fetchModel(client, server.peer, WANTED))).code, what).to.equal('MODEL_CORRUPT')
    }
  })

  it('can be given up on', async () => {
    const { server, client } = await pair()
    server.handle(modelProtocol, (channel) => channel.closed)
    const stop = new AbortController()
    const fetching = failure(fetchModel(client, server.peer, { ...WANTED, signal: stop.signal }))
    setTimeout(() => stop.abort(), 50)
    expect((await fetching).code).to.equal('CANCELLED')
  })
})

describe('manifest', () => {
  const reading =
    (bytes: Uint8Array, hash = sha256Of(bytes)) =>
    () =>
      readManifest(bytes, hash)

  it('names files that can be written below a folder, and nothing else', () => {
    expect(readManifest(MANIFEST, WANTED.manifestHash).files.map(({ path }) => path)).to.deep.equal(FILES.map(({ path }) => path))
    for (const path of ['../x', '/etc/passwd', 'a//b', 'a/./b', 'a\\b', 'a b', '', 'x'.repeat(300)]) {
      expect(reading(manifestOf([{ ...FILES[1], path }])), path).to.throw('unsafe file path')
    }
  })

  it('is refused when it is not what was asked for, or no manifest', () => {
    expect(reading(MANIFEST, `0x${'11'.repeat(32)}`)).to.throw('does not hash to')
    expect(reading(new TextEncoder().encode('[]'))).to.throw('needs 1 to')
    expect(reading(new TextEncoder().encode('{'))).to.throw('no JSON')
    expect(reading(manifestOf([]))).to.throw('needs 1 to')
    expect(reading(manifestOf([{ ...FILES[1], size: -1 }]))).to.throw('size')
    expect(reading(manifestOf([{ ...FILES[1], sha256: 'zz' }]))).to.throw('sha256')
  })
})

/** Models from a hub: a small one of the same protocol, on loopback, that breaks off and lies as it is told. */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { embeddedModel } from '../../../node/cli/devnet.ts'
import { modelsCommand } from '../../../node/cli/models.ts'
import { readModelDir } from '../../../node/engine/model-dir.ts'
import { loadServedModel } from '../../../node/provider/served-model.ts'
import { runCommand } from '../lib/run-command.ts'

const COMMIT = 'c0'.repeat(20)
const GRAPH = 'onnx/model.onnx'
const source = embeddedModel()

describe('models pull', function () {
  this.timeout(60_000)
  let server: Server
  let url: string
  let home: string
  let files: Map<string, Buffer>
  /** Bytes of the graph that are sent before the line goes dead. */
  let cutAfter: number
  let served: { path: string; from: number }[]

  before(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://hub')
      const json = (value: unknown): void =>
        void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
      if (pathname.startsWith('/api/models/org/model/revision/'))
        return json({
          _id: '1',
          id: 'org/model',
          sha: COMMIT,
          private: false,
          gated: false,
          downloads: 0,
          likes: 0,
          lastModified: new Date(0)
        })
      if (pathname === `/api/models/org/model/tree/${COMMIT}`) return json(tree())
      const path = pathname.replace(`/org/model/resolve/${COMMIT}/`, '')
      const bytes = files.get(path)
      if (bytes === undefined) return void response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end()
      const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
      const end = to === '' ? bytes.length - 1 : Number(to)
      const part = bytes.subarray(Number(from), end + 1)
      response.writeHead(request.headers.range === undefined ? 200 : 206, {
        etag: '"x"',
        'content-length': part.length,
        ...(request.headers.range !== undefined && { 'content-range': `bytes ${from}-${end}/${bytes.length}` })
      })
      if (part.length > 1) served.push({ path, from: Number(from) })
      if (path !== GRAPH || part.length <= cutAfter) return void response.end(part)
      response.write(part.subarray(0, cutAfter), () => request.socket.end()) // all of it arrives, and then the line is dead
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'openseam-pull-'))
    files = new Map(readModelDir(source).files.map((path) => [path, readFileSync(join(source, path))]))
    files.set('README.md', Buffer.from('not needed'))
    cutAfter = Number.POSITIVE_INFINITY
    served = []
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  after(() => void server.close())

  const sha = (name: string, ...parts: (string | Buffer)[]): string => {
    const hash = createHash(name)
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  const tree = (): object[] =>
    [...files].map(([path, bytes]) => {
      const oid = sha('sha1', `blob ${bytes.length}\0`, bytes)
      const lfs = { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 130 }
      return { type: 'file', path, size: bytes.length, oid, ...(path === GRAPH && { lfs }) }
    })
  const into = (): string => join(home, 'models', 'model')
  const pull = (...more: string[]) =>
    runCommand(modelsCommand, ['models', 'pull', 'org/model', '--home', home, '--hub', url, '--json', ...more])

  it('brings what a provider needs, and says under which id it is served', async () => {
    const { code, out, err } = await pull()
    expect(code, err).to.equal(0)
    const { modelId } = JSON.parse(out)
    expect(JSON.parse(out)).to.include({ dir: into(), commit: COMMIT })
    expect(modelId).to.equal((await loadServedModel(into())).modelId)
    expect(existsSync(join(into(), 'README.md'))).to.equal(false)
    expect(existsSync(`${into()}.part`)).to.equal(false)
    const again = await pull()
    expect(again.code).to.equal(1)
    expect(again.err).to.include('is there already')
  })

  it('goes on where it was cut off', async () => {
    cutAfter = 100_000
    const cut = await pull()
    expect(cut.code).to.equal(1)
    expect(cut.err).to.match(/NET_CLOSED/)
    const part = join(`${into()}.part`, GRAPH)
    const there = statSync(part).size
    expect(there).to.equal(100_000)
    cutAfter = Number.POSITIVE_INFINITY
    served = []
    expect((await pull()).code).to.equal(0)
    expect(served.filter(({ path }) => path === GRAPH)).to.deep.equal([{ path: GRAPH, from: there }])
    expect(
      served.map(({ path }) => path),
      'what was whole is not sent again'
    ).not.to.include('config.json')
    for (const path of readModelDir(into()).files)
      expect(readFileSync(join(into(), path)).equals(files.get(path)!), path).to.equal(true)
  })

  it('leaves nothing of another graph in the model', async () => {
    cutAfter = 100_000
    expect((await pull()).code).to.equal(1)
    cutAfter = Number.POSITIVE_INFINITY
    const whole = files.get(GRAPH) as Buffer
    files.set('onnx/model_other.onnx', whole)
    expect((await pull('--graph', 'model_other')).code).to.equal(0)
    expect(readModelDir(into()).files).to.include('onnx/model_other.onnx').and.not.include(GRAPH)
    expect(existsSync(join(into(), GRAPH))).to.equal(false)
  })

  it('takes no byte that the hub did not name', async () => {
    cutAfter = 100_000
    await pull()
    cutAfter = Number.POSITIVE_INFINITY
    const part = join(`${into()}.part`, GRAPH)
    truncateSync(part, 10)
    writeFileSync(part, Buffer.concat([Buffer.from('changed'), readFileSync(part).subarray(7)]))
    const changed = await pull()
    expect(changed.code).to.equal(1)
    expect(changed.err).to.include('MODEL_CORRUPT')
    expect((await pull()).code).to.equal(0)
  })

  it('says what a repository lacks, or that there is none', async () => {
    files.set('onnx/model_fp16.onnx', Buffer.from('x'))
    files.delete(GRAPH)
    const lacking = await pull()
    expect(lacking.code).to.equal(1)
    expect(lacking.err).to.include('has no onnx/model.onnx; there are model_fp16: give --graph')
    const none = await runCommand(modelsCommand, ['models', 'pull', 'org/none', '--home', home, '--hub', url])
    expect(none.code).to.equal(1)
    expect(none.err).to.include('MODEL_UNKNOWN')
    expect((await runCommand(modelsCommand, ['models', 'pull', '../x', '--home', home, '--hub', url])).err).to.include(
      'no owner/name'
    )
    expect(existsSync(into())).to.equal(false)
  })
})

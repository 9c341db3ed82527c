/** What a browser is served: only what was built, under a policy that reaches no other host, and told when it has it already. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { openSite, type Site, siteDir } from '../../../node/lib/site.ts'

const PAGE = '<!doctype html><title>page</title>'
const SCRIPT = 'console.log(1)\n'.repeat(100)

describe('a built site', () => {
  const parent = mkdtempSync(join(tmpdir(), 'openseam-site-'))
  const dir = join(parent, 'site')
  let site: Site
  before(() => {
    mkdirSync(join(dir, 'assets'), { recursive: true })
    writeFileSync(join(parent, 'secret.json'), '{"secret":1}')
    writeFileSync(join(dir, 'index.html'), PAGE)
    writeFileSync(join(dir, 'assets/app-1a2b.js'), SCRIPT)
    writeFileSync(join(dir, 'assets/app-1a2b.js.br'), brotliCompressSync(SCRIPT))
    writeFileSync(join(dir, 'assets/old-3c4d.js'), SCRIPT)
    writeFileSync(join(dir, 'assets/dot.png'), 'png')
    writeFileSync(join(dir, 'notes.txt'), 'a type that pages do not need')
    symlinkSync(join(parent, 'secret.json'), join(dir, 'link.json'))
    site = openSite(dir, { isPage: (path) => /^\/receipt\/0x[0-9a-f]+$/.test(path) }) as Site
  })
  after(() => rmSync(parent, { recursive: true }))

  it('serves the page at / and where the page knows the path, and nothing elsewhere', async () => {
    for (const path of ['/', '/index.html', '/receipt/0xab']) expect(await site.serve(path)?.text(), path).to.equal(PAGE)
    expect(await site.serve('/assets/app-1a2b.js')?.text()).to.equal(SCRIPT)
    for (const path of ['', '/assets', '/assets/', '/receipt/x', '/v1/models', '/notes.txt']) {
      expect(site.serve(path), path).to.equal(undefined)
    }
  })

  it('knows no way out of its folder', () => {
    const ways = [
      '/../secret.json',
      '/assets/../../secret.json',
      '/..%2fsecret.json',
      '/%2e%2e/secret.json',
      '/..\\secret.json',
      '//secret.json',
      '/link.json',
      '/assets/app-1a2b.js\0.png',
      join(parent, 'secret.json'),
      '__proto__',
      '/constructor'
    ]
    for (const path of ways) expect(site.serve(path), path).to.equal(undefined)
  })

  it('allows a page its own server and no other host, no inline script, no frame', () => {
    const policy = site.serve('/')?.headers.get('content-security-policy') ?? ''
    const rules = new Map(policy.split('; ').map((rule) => rule.split(/ (.*)/) as [string, string]))
    expect(rules.get('default-src')).to.equal("'none'")
    expect(rules.get('frame-ancestors')).to.equal("'none'")
    for (const [name, value] of rules) expect(["'self'", "'none'"], name).to.include(value)
    expect(site.serve('/')?.headers.get('x-content-type-options')).to.equal('nosniff')
    expect(site.serve('/')?.headers.get('referrer-policy')).to.equal('no-referrer')
  })

  it('lets what bears a hash be kept for ever, and the page be asked for each time', () => {
    expect(site.serve('/assets/app-1a2b.js')?.headers.get('cache-control')).to.include('immutable')
    for (const path of ['/', '/receipt/0x1']) expect(site.serve(path)?.headers.get('cache-control'), path).to.equal('no-cache')
  })

  it('answers 304 to who has it, with or without compression', async () => {
    const etag = site.serve('/')?.headers.get('etag') ?? ''
    const again = site.serve('/', new Headers({ 'if-none-match': `"other", ${etag}`, 'accept-encoding': 'gzip' }))
    expect([again?.status, await again?.text(), again?.headers.get('etag')]).to.deep.equal([304, '', etag])
    expect(site.serve('/', new Headers({ 'if-none-match': '"other"' }))?.status).to.equal(200)
  })

  it('compresses text for who takes it', async () => {
    const get = (path: string, accept: string): Response =>
      site.serve(path, new Headers({ 'accept-encoding': accept })) as Response
    const [both, old] = ['/assets/app-1a2b.js', '/assets/old-3c4d.js']
    const cases: [path: string, accept: string, coding: string | null][] = [
      [both, 'gzip, deflate, br, zstd', 'br'],
      [both, 'br;q=0, gzip', 'gzip'],
      [both, 'gzip', 'gzip'],
      [old, 'br, gzip', 'gzip'],
      [old, 'br', null],
      ...['', 'gzip;q=0', 'gzip; q=0.0, br; q=0'].map((accept): [string, string, null] => [both, accept, null])
    ]
    const opened = { br: brotliDecompressSync, gzip: gunzipSync }
    for (const [path, accept, coding] of cases) {
      const response = get(path, accept)
      expect(response.headers.get('content-encoding'), `${path}, ${accept}`).to.equal(coding)
      expect(response.headers.get('vary')).to.equal('accept-encoding')
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(String(coding === 'br' || coding === 'gzip' ? opened[coding](bytes) : Buffer.from(bytes))).to.equal(SCRIPT)
    }
    expect(site.serve('/assets/app-1a2b.js.br')).to.equal(undefined)
    expect(site.serve('/assets/dot.png', new Headers({ 'accept-encoding': 'gzip' }))?.headers.get('content-encoding')).to.equal(
      null
    )
  })

  it('is undefined where nothing was built', () => {
    expect(openSite(join(parent, 'nowhere'))).to.equal(undefined)
    expect(openSite(join(dir, 'assets'))).to.equal(undefined)
    expect(siteDir('playground')).to.match(/node\/pages\/playground$/)
  })
})

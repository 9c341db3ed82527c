/** A built site from memory: few files, read once, served under a policy by which a page reaches nothing but its own server. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Where `scripts/pages.ts` puts a site; in the package, beside the compiled modules. */
export const siteDir = (name: string): string => join(import.meta.dirname, '../pages', name)

export interface Site {
  /** The file at the path of a URL, or `undefined`: then the path is someone else's to answer. */
  serve(path: string, request?: Headers): Response | undefined
}

export interface SiteOptions {
  /** Paths without a file that the page itself understands, e.g. `/receipt/0x...`: they get `index.html`. */
  isPage?(path: string): boolean
  /** Where else a page may ask, e.g. a node of the chain that its reader names. Default: nowhere but its own server. */
  connects?: readonly string[]
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm'
}
const isText = (type: string): boolean => !/^(image\/png|font\/)/.test(type)

export const siteHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin'
} as const

const headersFor = (connects: readonly string[]): Record<string, string> => {
  const policy = siteHeaders['content-security-policy'].replace(
    "connect-src 'self'",
    ["connect-src 'self'", ...connects].join(' ')
  )
  return { ...siteHeaders, 'content-security-policy': policy }
}

type Bytes = Uint8Array<ArrayBuffer>

interface File {
  body: Bytes
  /** By content coding, the smallest first. */
  packed: [coding: 'br' | 'gzip', body: Bytes][]
  headers: Record<string, string>
  etag: string
}

/** `undefined` where nothing was built. A path of a URL is looked up among the files that were there, never opened. */
export const openSite = (dir: string, { isPage = () => false, connects = [] }: SiteOptions = {}): Site | undefined => {
  const files = readFiles(dir, headersFor(connects))
  const index = files.get('/index.html')
  if (index === undefined) return undefined
  return {
    serve(path, request) {
      const file = path === '/' || isPage(path) ? index : files.get(path)
      return file === undefined ? undefined : respond(file, request)
    }
  }
}

const respond = ({ body, packed, headers, etag }: File, request?: Headers): Response => {
  const known = request?.get('if-none-match')?.split(/,\s*/).includes(etag) === true
  if (known) return new Response(null, { status: 304, headers })
  const accepted = request?.get('accept-encoding') ?? ''
  const [coding, fewer] = packed.find(([coding]) => isAccepted[coding].test(accepted)) ?? []
  return coding === undefined
    ? new Response(body, { headers })
    : new Response(fewer, { headers: { ...headers, 'content-encoding': coding } })
}

const isAccepted = { br: /\bbr\b(?!;\s*q=0(\.0*)?\b)/, gzip: /\bgzip\b(?!;\s*q=0(\.0*)?\b)/ } as const

const readFiles = (dir: string, common: Record<string, string>): Map<string, File> => {
  const names = list(dir)
  const built = new Set(names)
  return new Map(
    names.flatMap((name) => {
      const type = types[extname(name)]
      if (type === undefined) return []
      const path = `/${relative(dir, name).split(sep).join('/')}`
      const file = readOne(name, path, type, common)
      const packed: File['packed'] = isText(type) ? [['gzip', Uint8Array.from(gzipSync(file.body, { level: 9 }))]] : []
      // Made when the site is built: too slow to make while a reader waits.
      if (built.has(`${name}.br`)) packed.unshift(['br', Uint8Array.from(readFileSync(`${name}.br`))])
      return [[path, { ...file, packed }]]
    })
  )
}

const readOne = (name: string, path: string, type: string, common: Record<string, string>): Omit<File, 'packed'> => {
  const body = Uint8Array.from(readFileSync(name))
  // Weak: the same name for the plain bytes and the compressed ones.
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = {
    ...common,
    etag,
    vary: 'accept-encoding',
    'content-type': type,
    // The build puts a hash into every name under assets/: such a file never changes.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  }
  return { body, headers, etag }
}

const list = (dir: string): string[] => {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return [] // not built
  }
}

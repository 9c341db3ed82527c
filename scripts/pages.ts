/**
 * `node scripts/pages.ts [name...] [--watch]`: builds what browsers are served into `node/pages/<name>` (docs/pages.md). `npm ci` runs it as
 * `prepare`, so a fresh clone has its pages; they are not in git and travel in the package. An install without development packages goes
 * without: gateway and explorer then serve their APIs alone.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')

/** Name and source folder of every site. A folder holds an `index.html`; everything else hangs from it. */
export const sites: Record<string, string> = {
  playground: 'node/gateway/web',
  explorer: 'node/explorer/web'
}

const sourceOf = (name: string): string => join(root, sites[name] ?? '')
const hasSource = (name: string): boolean => existsSync(join(sourceOf(name), 'index.html'))

export interface BuildOptions {
  /** Default: where the daemons look for it. */
  outDir?: string
  /** Builds again whenever a file changes. */
  watch?: boolean
}

/** The folder that was built. Throws what vite throws, also that it is not installed. */
export const buildSite = async (name: string, options: BuildOptions = {}): Promise<string> => {
  const { outDir = join(root, 'node/pages', name), watch = false } = options
  const { build } = await import('vite')
  const { preload } = await import('./preload.ts')
  const { words } = await import('./words/plugin.ts')
  await build({
    configFile: false,
    envDir: false,
    root: sourceOf(name),
    base: '/',
    logLevel: watch ? 'info' : 'warn',
    // The workspace's packages as sources: a page runs the very code that the daemons run.
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    plugins: [words(), preload('start')],
    oxc: { jsx: { runtime: 'automatic' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'], // the first with light-dark()
      reportCompressedSize: false,
      // The content security policy allows no inline script and no data: URL.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { checks: { pluginTimings: false } },
      watch: watch ? {} : null
    }
  })
  if (!watch) compressTexts(outDir)
  return outDir
}

/** Beside each text what browsers get that take Brotli: an eighth less than by gzip. */
const compressTexts = (dir: string): void => {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)))
  }
}

const isInstalled = (name: string): boolean => {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}

if (import.meta.main) {
  const words = process.argv.slice(2)
  const wanted = words.filter((word) => !word.startsWith('--'))
  const unknown = wanted.find((name) => !(name in sites))
  if (unknown !== undefined) throw new Error(`no site ${unknown}: there are ${Object.keys(sites).join(', ')}`)
  if (process.env['npm_lifecycle_event'] === 'prepare' && !isInstalled('vite')) {
    console.log('pages: left out, since the development packages are not installed')
  } else {
    for (const name of wanted.length > 0 ? wanted : Object.keys(sites).filter(hasSource)) {
      await buildSite(name, { watch: words.includes('--watch') })
    }
  }
}

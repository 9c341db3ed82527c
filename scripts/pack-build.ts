/**
 * `node scripts/pack-build.ts sdk|node`: makes a workspace ready to be packed: JavaScript and types in dist, and beside them what is
 * not compiled. `--clean` takes away again what stands in the repository only once. npm runs both, as prepack and postpack.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const borrowed: Record<string, string[]> = { sdk: ['LICENSE'], node: ['LICENSE', 'models'] }

/** Generated code, pages, tables: what a program reads beside its own modules. */
const ASSETS = '**/*.{js,d.ts,json,html,css,svg,png,woff2,wasm,br}'
const isAsset = (path: string): boolean =>
  !/(^|\/)(node_modules|dist|bin|models|web)\//.test(path) && !/^(package|tsconfig.*)\.json$/.test(basename(path))

const compile = (workspace: string): void => {
  const dist = join(root, workspace, 'dist')
  rmSync(dist, { recursive: true, force: true })
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, workspace, 'tsconfig.build.json')], { stdio: 'inherit' })
  for (const path of globSync(ASSETS, { cwd: join(root, workspace) }).filter(isAsset)) {
    mkdirSync(dirname(join(dist, path)), { recursive: true })
    cpSync(join(root, workspace, path), join(dist, path))
  }
}

const clean = (workspace: string): void => {
  for (const name of borrowed[workspace] ?? []) rmSync(join(root, workspace, name), { recursive: true, force: true })
}

const build = (workspace: string): void => {
  // The node is compiled against what the sdk publishes, as its users will run it.
  if (workspace === 'node') {
    compile('sdk')
    execFileSync(process.execPath, [join(root, 'scripts/pages.ts')], { stdio: 'inherit' })
  }
  compile(workspace)
  for (const name of borrowed[workspace] ?? []) cpSync(join(root, name), join(root, workspace, name), { recursive: true })
}

const workspace = process.argv[2] ?? ''
if (!(workspace in borrowed)) throw new Error('usage: node scripts/pack-build.ts sdk|node [--clean]')
if (process.argv.includes('--clean')) clean(workspace)
else build(workspace)

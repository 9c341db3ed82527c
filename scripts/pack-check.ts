/** Packs both workspaces and runs them from an empty folder, as someone would who installed them. Needs no network. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'openseam-pack-'))
const modules = join(work, 'node_modules')
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

interface Packed {
  filename: string
  size: number
  files: { path: string }[]
}

const pack = (workspace: string, name: string, needed: string[]): void => {
  run(process.execPath, [join(root, 'scripts/pack-build.ts'), workspace], root)
  try {
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], join(root, workspace))
    ) as Packed[]
    if (packed === undefined) throw new Error(`npm packed nothing of ${workspace}`)
    const paths = packed.files.map(({ path }) => path)
    const missing = needed.filter((path) => !paths.includes(path))
    const sources = paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    if (missing.length > 0) throw new Error(`${name} lacks ${missing.join(', ')}`)
    if (sources.length > 0)
      throw new Error(`${name} carries sources, which Node does not run from node_modules: ${sources.join(', ')}`)
    mkdirSync(join(modules, name), { recursive: true })
    run('tar', ['-xzf', join(work, packed.filename), '-C', join(modules, name), '--strip-components=1'], work)
    console.log(`${name}: ${paths.length} files, ${(packed.size / 1024).toFixed(0)} KiB`)
  } finally {
    run(process.execPath, [join(root, 'scripts/pack-build.ts'), workspace, '--clean'], root)
  }
}

/** Dependencies as an install would place them, from this checkout; a workspace's own version of one comes before the shared one. */
const linkDependencies = (): void => {
  for (const folder of ['node/node_modules', 'sdk/node_modules', 'node_modules']) {
    for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
      const scoped = name.startsWith('@') ? readdirSync(join(root, folder, name)).map((inner) => `${name}/${inner}`) : [name]
      for (const dependency of scoped) {
        const target = join(modules, dependency)
        if (dependency.startsWith('.') || dependency.startsWith('openseam') || existsSync(target)) continue
        mkdirSync(join(target, '..'), { recursive: true })
        symlinkSync(join(root, folder, dependency), target)
      }
    }
  }
}

try {
  pack('sdk', 'openseam', [
    'dist/client.js',
    'dist/client.d.ts',
    'dist/protocol/pb/messages.js',
    'dist/protocol/pb/messages.d.ts',
    'LICENSE'
  ])
  pack('node', 'openseam-node', [
    'dist/cli/main.js',
    'bin/openseam.js',
    'dist/pages/playground/index.html',
    'dist/pages/explorer/index.html.br',
    'models/seam-chat/onnx/model.onnx',
    'LICENSE'
  ])
  linkDependencies()
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }\n')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the probe that fills it in
  const probe = "for (const path of ['client', 'protocol/pb', 'session/types', 'text/index']) await import(`openseam/${path}`)"
  run(process.execPath, ['--input-type=module', '--eval', probe], work)
  const bin = join(modules, 'openseam-node/bin/openseam.js')
  const help = run(process.execPath, [bin, '--help'], work)
  for (const command of ['devnet', 'provide', 'gateway', 'chat'])
    if (!help.includes(command)) throw new Error(`openseam --help lacks ${command}`)
  console.log(`openseam ${run(process.execPath, [bin, '--version'], work).trim()} runs from its package`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

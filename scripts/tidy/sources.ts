/** The repository's own source files and what each of them refers to. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, posix } from 'node:path'

export interface Source {
  path: string
  lines: number
  /** Packages and built-ins that it imports. */
  packages: string[]
  /** Files of this repository that it imports. */
  imports: string[]
  /** Files that it names in a string: workers, children, pages. */
  names: string[]
}

const CODE = /\.(tsx?|js|mjs|sol)$/
const GENERATED = /^sdk\/protocol\/pb\//
const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g
const STRING = /['"`]((?:\.{1,2}\/)?[\w./-]+\.(?:tsx?|js|mjs))['"`]/g

/** Tracked files and new ones that git does not ignore; what is deleted but not yet committed is gone. */
export const listFiles = (root: string): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))

export const readSources = (root: string, files: string[]): Source[] => {
  const known = new Set(files)
  return files.filter((path) => CODE.test(path) && !GENERATED.test(path)).map((path) => read(root, path, known))
}

const read = (root: string, path: string, known: Set<string>): Source => {
  const text = readFileSync(join(root, path), 'utf8')
  const packages: string[] = []
  const imports: string[] = []
  for (const match of text.matchAll(IMPORT)) {
    const target = match[1] ?? match[2] ?? ''
    const file = resolve(path, target, known)
    if (file !== undefined) imports.push(file)
    else if (!target.startsWith('.')) packages.push(target)
  }
  const names = [...text.matchAll(STRING)].flatMap((match) => {
    const target = match[1] ?? ''
    // A name may stand relative to its file or to the root of the repository.
    return [posix.join(dirname(path), target), normalize(target)].filter((candidate) => known.has(candidate))
  })
  return { path, lines: text.split('\n').length - 1, packages, imports, names }
}

/** `openseam/net/host` is `sdk/net/host.ts`: the workspace exports its sources under the condition `source`. */
const resolve = (from: string, target: string, known: Set<string>): string | undefined => {
  if (target === 'openseam') return 'sdk/index.ts'
  if (target.startsWith('openseam/')) {
    const below = `sdk/${target.slice('openseam/'.length)}`
    const candidates = [below, `${below}.ts`, `${below}.js`, `${below}/messages.js`] // the last: of openseam/protocol/pb
    return candidates.find((candidate) => known.has(candidate)) ?? `${below}.ts`
  }
  if (!target.startsWith('.')) return undefined
  return posix.join(dirname(from), target)
}

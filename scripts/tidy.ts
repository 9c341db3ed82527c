/** Keeps the shape of the repository: import arrows, vendors at the rim, no dead files, no files that hold too much. */
import { join } from 'node:path'
import { edges, entries, LINES_MAX, LINES_REPORTED, pure, vendors } from './tidy/rules.ts'
import { listFiles, readSources, type Source } from './tidy/sources.ts'

export interface Findings {
  failures: string[]
  notes: string[]
  files: number
}

export const tidy = (root: string): Findings => judge(readSources(root, listFiles(root)))

export const judge = (sources: Source[]): Findings => ({
  failures: [
    ...sources.flatMap((source) => [...badArrows(source), ...badPackages(source), ...tooLong(source)]),
    ...dead(sources),
    ...missing(sources)
  ],
  notes: sources
    .filter(({ path, lines }) => lines > LINES_REPORTED && lines <= LINES_MAX && isShipped(path))
    .map(({ path, lines }) => `${path}: ${lines} lines, over ${LINES_REPORTED}`),
  files: sources.length
})

const isShipped = (path: string): boolean => /^(sdk|node|contracts|scripts)\//.test(path)
const within = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`)
const partOf = (path: string): string | undefined => Object.keys(edges).find((part) => within(path, part))

const badArrows = ({ path, imports }: Source): string[] => {
  const part = partOf(path)
  const allowed = part === undefined ? undefined : [part, ...(edges[part] ?? [])]
  return imports.flatMap((target) => {
    if (path.startsWith('sdk/') && !target.startsWith('sdk/')) return [`${path}: the sdk imports ${target}`]
    if (/^(sdk|node)\//.test(path) && /^(test|scripts)\//.test(target)) return [`${path}: shipped code imports ${target}`]
    // Inside node, only arrows to the sdk are ruled here; among node's own folders composition decides.
    const ruled = target.startsWith('sdk/') && allowed !== undefined
    return ruled && !allowed.some((other) => within(target, other)) ? [`${path}: ${part} may not import ${target}`] : []
  })
}

const badPackages = ({ path, packages }: Source): string[] => {
  if (!/^(sdk|node)\//.test(path)) return []
  const vendor = vendors.flatMap(({ name, package: named, within: places }) =>
    packages
      .filter((target) => named.test(target) && !places.some((place) => path.startsWith(place)))
      .map((target) => `${path}: ${target}, but only ${places.join(', ')} may name ${name}`)
  )
  const impure = Object.entries(pure).flatMap(([part, forbidden]) =>
    within(path, part)
      ? packages.filter((target) => forbidden.test(target)).map((target) => `${path}: ${part} may not name ${target}`)
      : []
  )
  const upward = path.startsWith('sdk/') ? packages.filter((target) => target.startsWith('openseam-node')) : []
  return [...vendor, ...impure, ...upward.map((target) => `${path}: the sdk imports ${target}`)]
}

const tooLong = ({ path, lines }: Source): string[] =>
  lines > LINES_MAX && isShipped(path) ? [`${path}: ${lines} lines, over ${LINES_MAX}: split it`] : []

/** Starts of execution: the entries, everything that npm or mocha runs by its path, and contracts, which compile by folder. */
const started = [
  /^test\/.*(\.test\.ts|\.t\.sol|\/fixtures\/[^/]+)$/,
  /^scripts\/([^/]+|(bench|train)\/[^/]+)$/,
  /^(contracts|examples|node\/bin)\//,
  /^node\/[^/]+\/web\/main\.tsx$/ // the script of a page
]
const isRoot = (path: string): boolean => entries.includes(path) || started.some((pattern) => pattern.test(path))

const dead = (sources: Source[]): string[] => {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const seen = new Set<string>()
  const open = sources.map(({ path }) => path).filter(isRoot)
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const source = byPath.get(path)
    if (source !== undefined) open.push(...source.imports, ...source.names)
  }
  return sources.filter(({ path }) => !seen.has(path)).map(({ path }) => `${path}: nothing reaches this file`)
}

/** Whatever git ignores is here, and in nobody else's clone. */
const missing = (sources: Source[]): string[] => {
  const known = new Set(sources.map(({ path }) => path))
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter((target) => /\.tsx?$/.test(target) && !known.has(target))
      .map((target) => `${path}: imports ${target}, which is not there or ignored by git`)
  )
}

if (import.meta.main) {
  const { failures, notes, files } = tidy(join(import.meta.dirname, '..'))
  for (const note of notes) console.log(`note  ${note}`)
  for (const failure of failures) console.error(`FAIL  ${failure}`)
  console.log(`tidy: ${files} files, ${failures.length} failures, ${notes.length} notes`)
  process.exitCode = failures.length === 0 ? 0 : 1
}

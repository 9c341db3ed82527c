/**
 * Completes package-lock.json after `npm install`: a registry mirror may lack the builds of native packages for other platforms, npm
 * then leaves them out, and `npm ci` refuses the lock as out of step. Each is named here with its version and platform, as the package
 * that wants it pins them; nothing is downloaded for a platform that is not this one. Download addresses are left out.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Entry {
  version?: string
  resolved?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  engines?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'ppc64le', 'riscv64', 's390x', 'x64']

const file = join(import.meta.dirname, '../package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> }

const platformOf = (name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> => {
  const words = name.split(/[-/_.]/)
  const os = OS.filter((word) => words.includes(word))
  const cpu = CPU.filter((word) => words.includes(word))
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(words.includes('musl') && { libc: ['musl'] }) }
}

let added = 0
for (const entry of Object.values(lock.packages)) {
  if (entry.resolved?.startsWith('http') === true) delete entry.resolved
  // npm runs on the machine's own Node and skips an optional package made for a newer one; our scripts bring that newer one along.
  if (entry.optional === true && entry.os !== undefined) delete entry.engines
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`
    const platform = platformOf(name)
    if (Object.keys(lock.packages).some((key) => key.endsWith(path)) || !/^\d/.test(version) || platform.os === undefined)
      continue
    lock.packages[path] = { version, optional: true, ...platform }
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} packages of other platforms named`)

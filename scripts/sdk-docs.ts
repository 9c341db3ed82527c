/**
 * `node scripts/sdk-docs.ts [--check]`: writes docs/sdk.md, every public name of the SDK, from the declarations that the compiler makes
 * of `sdk/index.ts` and `sdk/browser.ts`. `--check` fails when the file is not what they say.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/sdk.md')
const folder = mkdtempSync(join(tmpdir(), 'openseam-docs-'))

const FIRST = 'sdk/openseam.ts'

interface Declaration {
  name: string
  comment: string
  code: string
}

const fileOf = (from: string, specifier: string): string => join(dirname(from), specifier.replace(/\.ts$/, '.d.ts'))

/** What a declaration file exports under its own name: the compiler starts each at the margin, and ends it before the next one there. */
const declarationsOf = (file: string): Declaration[] => {
  const found: Declaration[] = []
  let comment: string[] = []
  let code: string[] = []
  const close = (): void => {
    const name = /^export (?:declare )?(?:abstract )?(?:class|interface|type|const|function) (\w+)/.exec(code[0] ?? '')?.[1]
    if (name !== undefined) found.push({ name, comment: prose(comment), code: code.join('\n') })
    code = []
    comment = []
  }
  let inComment = false
  let justCommented = false // a comment belongs to what follows it at once
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (inComment || line.startsWith('/**')) {
      if (!inComment) close()
      comment.push(line)
      inComment = !line.includes('*/')
      justCommented = true
    } else if (/^\S/.test(line) && !/^[})\]>;|]/.test(line)) {
      if (!justCommented) close()
      code = [line]
      justCommented = false
    } else if (code.length > 0 && line !== '') code.push(line)
  }
  close()
  return found
}

const prose = (lines: string[]): string => {
  const text = lines.map((line) => line.replace(/^\/\*\* ?| ?\*\/$|^ \* ?/g, '')).join('\n')
  const [words = '', ...examples] = text.split(/^@example\s*$/m)
  return [words.trim(), ...examples.map((example) => `\`\`\`ts\n${example.trim()}\n\`\`\``)]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Members without what is private to them. */
const shown = (code: string): string =>
  code.replace(/^ +(#private|constructor\(parts: .*\));\n/gm, '').replace(/^ {4,}/gm, (indent) => ' '.repeat(indent.length / 2))

/** The declarations that an entry exports, in the order in which it names them, with the file that each comes from. */
const exportsOf = (entry: string): { from: string; declarations: Declaration[] }[] => {
  const text = readFileSync(entry, 'utf8')
  const groups: { from: string; declarations: Declaration[] }[] = []
  for (const [, what = '', specifier = ''] of text.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '([^']+)'/gm)) {
    const all = declarationsOf(fileOf(entry, specifier))
    const names =
      what === '*' ? all.map(({ name }) => name) : [...what.matchAll(/(?:type )?(\w+)[,\s}]/g)].map(([, name]) => name)
    const declarations = names.flatMap(
      (name) => all.find((declaration) => declaration.name === name) ?? reExported(fileOf(entry, specifier), name as string)
    )
    groups.push({ from: specifier.replace('./', 'sdk/'), declarations })
  }
  return groups
}

/** A name that an index passes on. */
const reExported = (file: string, name: string): Declaration[] => {
  for (const [, what = '', specifier = ''] of readFileSync(file, 'utf8').matchAll(
    /^export (?:type )?(\*|\{[^}]*\}) from '([^']+)'/gm
  )) {
    if (what !== '*' && !new RegExp(`\\b${name}\\b`).test(what)) continue
    const found = declarationsOf(fileOf(file, specifier)).find((declaration) => declaration.name === name)
    if (found !== undefined) return [found]
  }
  return []
}

const section = (title: string, entry: string, known: Set<string>): string => {
  const parts: string[] = [`## ${title}`]
  // A reader begins with the client.
  const groups = exportsOf(entry).sort((a, b) => Number(b.from === FIRST) - Number(a.from === FIRST))
  for (const { declarations } of groups) {
    for (const { name, comment, code } of declarations) {
      if (known.has(name)) continue
      known.add(name)
      parts.push(`### ${name}`, ...(comment === '' ? [] : [comment]), `\`\`\`ts\n${shown(code)}\n\`\`\``)
    }
  }
  return parts.join('\n\n')
}

const render = (): string => {
  const known = new Set<string>()
  const main = section('openseam', join(folder, 'index.d.ts'), known)
  const browser = section('openseam/browser', join(folder, 'browser.d.ts'), known)
  const head = `# The SDK, name by name

Made by \`${relative(root, import.meta.filename)}\` from the types; change those, not this page. How to begin: [tutorial.md](tutorial.md). Errors and what
follows from each: [spec/errors.md](spec/errors.md). In a browser the same names come from \`openseam/browser\`, and those at the end besides.`
  return `${head}\n\n${main}\n\n${browser}\n`
}

try {
  const tsc = join(root, 'node_modules/.bin/tsc')
  execFileSync(tsc, ['-p', join(root, 'sdk/tsconfig.build.json'), '--emitDeclarationOnly', '--outDir', folder], {
    stdio: 'inherit'
  })
  const text = render()
  if (!process.argv.includes('--check')) writeFileSync(page, text)
  else if (readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/sdk.md is not what the types say: node scripts/sdk-docs.ts\n')
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

// Generates sdk/protocol/pb/messages.{js,d.ts} from openseam.proto. protons writes TypeScript namespaces, which Node cannot strip,
// so they are compiled here and committed as JavaScript. `--check` fails when the committed files are stale.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const pb = join(root, 'sdk/protocol/pb')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)
const work = mkdtempSync(join(tmpdir(), 'openseam-proto-'))

/**
 * The runtime (protons-runtime 7.1.2) writes a bigint from 2^31 to 2^32 - 1 as one byte and leaves four bytes of old memory behind it. What is a
 * safe integer goes through its writer of numbers; the bytes are the same.
 */
const mendUint64 = (file: string): void => {
  const text = readFileSync(file, 'utf8')
  const number = 'w.uint64Number(Number($1))'
  const mended = text.replace(/\bw\.uint64\(([\w.]+)\)/g, `($1 <= BigInt(Number.MAX_SAFE_INTEGER) ? ${number} : w.uint64($1))`)
  if (mended === text) throw new Error('no 64-bit field is written as a bigint any more: this step can go')
  writeFileSync(file, mended)
}

try {
  execFileSync(bin('protons'), [join(pb, 'openseam.proto'), '--output', work], { stdio: 'inherit' })
  renameSync(join(work, 'openseam.ts'), join(pb, 'messages.ts'))
  execFileSync(
    bin('tsc'),
    // prettier-ignore
    [
      '--ignoreConfig',
      '--target',
      'es2024',
      '--module',
      'nodenext',
      '--moduleResolution',
      'nodenext',
      '--declaration',
      '--skipLibCheck',
      '--rootDir',
      pb,
      '--outDir',
      work,
      join(pb, 'messages.ts')
    ],
    { stdio: 'inherit', cwd: root }
  )
  mendUint64(join(work, 'messages.js'))
  const outputs = ['messages.js', 'messages.d.ts']
  if (process.argv.includes('--check')) {
    const stale = outputs.filter((name) => readFileSync(join(work, name), 'utf8') !== readFileSync(join(pb, name), 'utf8'))
    if (stale.length > 0) throw new Error(`${stale.join(', ')} stale: run node scripts/proto.ts`)
  } else for (const name of outputs) copyFileSync(join(work, name), join(pb, name))
  writeFileSync(join(work, 'done'), '')
} finally {
  rmSync(join(pb, 'messages.ts'), { force: true })
  rmSync(work, { recursive: true, force: true })
}

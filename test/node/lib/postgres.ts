/** A PostgreSQL server of a test's own: a new cluster in a folder, reached over a socket there, gone with the test's process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const DEBIAN = '/usr/lib/postgresql'
const USER = 'openseam'
const PASSWORD = 'correct horse & battery / staple'

/** Where `initdb` is, newest version first; undefined: no server on this machine. */
const binaries = (): string | undefined =>
  existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, 'bin'))
        .find((bin) => existsSync(join(bin, 'initdb')))
    : undefined

/** The server refuses to run as root: then it runs as Debian's own user. */
const runsAs = (): { uid?: number; gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'))
  const [, , uid, gid] = row?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

export const hasPostgres = (): boolean => binaries() !== undefined

// The server ends when its standard input does: also when the test is killed. The shell ends with the server, however that ended.
const UNTIL_STDIN_ENDS = 'exec 3<&0; "$@" </dev/null & p=$!; { cat <&3 >/dev/null; kill -INT $p; } 2>/dev/null & wait $p'

export class Postgres {
  readonly password = PASSWORD
  readonly #dir: string
  readonly #bin: string
  #server: ChildProcess | undefined

  constructor() {
    this.#bin = binaries() as string
    this.#dir = mkdtempSync(join(tmpdir(), 'openseam-pg-'))
  }

  /** Without the password. */
  get url(): string {
    return `postgres://${USER}@/postgres?host=${this.#dir}`
  }

  get data(): string {
    return join(this.#dir, 'data')
  }

  async start(): Promise<this> {
    const as = runsAs()
    if (!existsSync(this.data)) {
      const passwordFile = join(this.#dir, 'password')
      writeFileSync(passwordFile, PASSWORD)
      if (as.uid !== undefined) for (const path of [this.#dir, passwordFile]) chownSync(path, as.uid, as.gid as number)
      const args = [
        '-D',
        this.data,
        '-U',
        USER,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--no-sync',
        '--locale=C',
        '-E',
        'UTF8'
      ]
      execFileSync(join(this.#bin, 'initdb'), args, { ...as, cwd: this.#dir, stdio: 'ignore' })
    }
    const server = ['postgres', '-D', this.data, '-k', this.#dir, '-c', 'listen_addresses=', '-F']
    const command = ['-c', UNTIL_STDIN_ENDS, 'sh', join(this.#bin, server[0] as string), ...server.slice(1)]
    this.#server = spawn('/bin/sh', command, { ...as, cwd: this.#dir, stdio: ['pipe', 'ignore', 'pipe'] })
    const lines = createInterface({ input: this.#server.stderr as NodeJS.ReadableStream })
    const said: string[] = []
    const ready = Promise.withResolvers<void>()
    lines.on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (line.includes('ready to accept connections')) ready.resolve()
    })
    void once(this.#server, 'exit').then(() => ready.reject(new Error(`postgres did not start:\n${said.join('\n')}`)))
    await ready.promise
    return this
  }

  /** A fast shutdown: open transactions are undone, connections cut. */
  async halt(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined || server.exitCode !== null) return
    const gone = once(server, 'exit')
    server.stdin?.end()
    await gone
  }

  async stop(): Promise<void> {
    await this.halt()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

/** Skips the suite, and says why, where there is no server. */
export const postgresHere = (suite: Mocha.Suite): (() => Postgres) => {
  let server: Postgres
  suite.beforeAll('a PostgreSQL server', async function () {
    if (!hasPostgres()) {
      process.stderr.write(`skipped: ${suite.title}: no PostgreSQL in ${DEBIAN} (apt-get install postgresql)\n`)
      this.skip()
    }
    this.timeout(120_000)
    server = await new Postgres().start()
  })
  suite.afterAll(async () => {
    await server?.stop()
  })
  return () => server
}

/**
 * The Store interface over a table of a PostgreSQL database, for several gateways of one wallet (docs/spec/store.md). Batches that wait are
 * committed together; a commit whose answer got lost is asked after, never repeated.
 */
import { createHash } from 'node:crypto'
import type { Clock, Log, SharedStore, SharedWrite } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import pg from 'pg'
import type { RangeQuery, RangeStore } from './range-store.ts'
import { type Settled, settleBatches, updatedKeys } from './store-batch.ts'

export interface PostgresInit {
  /** `postgres://user@host:5432/database`; what it leaves out is taken from `PGHOST`, `PGUSER`, `PGPASSWORD` ... as every client does. */
  url: string
  /** Beats the one in the url. */
  password?: string
  /** Whose rows: one table holds those of many wallets. */
  space: string
  clock: Clock
  log: Log
}

const VERSION_MIN = 130_000 // pg_current_xact_id, pg_xact_status
const CONNECTIONS_MAX = 4
const CONNECT_MS = 5_000
const QUERY_MS = 10_000
const IDLE_IN_TRANSACTION_MS = 5_000 // a gateway that stands still must not hold up the others
const AWAY_MS = 10_000 // how long a server that is away is waited for
const RETRY_MS = { min: 50, max: 1_000 }
const GROUP_MAX = 128 // batches in one transaction
const LIST_ROWS = 256

const SETUP_LOCK = -0x6f70656e // any fixed number: two that start at once must not both create the table
const TABLE = `CREATE TABLE IF NOT EXISTS openseam_rows (
  space text NOT NULL, key text COLLATE "C" NOT NULL, value bytea NOT NULL, PRIMARY KEY (space, key))`
const GET = 'SELECT value FROM openseam_rows WHERE space = $1 AND key = $2'
const LIST = `SELECT key, value FROM openseam_rows WHERE space = $1 AND key >= $2 AND key < $3 AND key > $4 ORDER BY key LIMIT ${LIST_ROWS}`
const RANGE = (reverse: boolean) => `SELECT key, value FROM openseam_rows WHERE space = $1 AND key >= $2 AND key < $3 AND
  key ${reverse ? '<' : '>'} $4 ORDER BY key ${reverse ? 'DESC' : 'ASC'} LIMIT $5`
const BEGIN = 'BEGIN; SELECT pg_current_xact_id()::text AS xid'
const LOCK = 'SELECT pg_advisory_xact_lock(id) FROM unnest($1::bigint[]) AS id'
const READ = 'SELECT key, value FROM openseam_rows WHERE space = $1 AND key = ANY($2::text[])'
const PUT = `INSERT INTO openseam_rows (space, key, value) SELECT $1, key, value FROM unnest($2::text[], $3::bytea[]) AS row (key, value)
  ON CONFLICT (space, key) DO UPDATE SET value = excluded.value`
const DEL = 'DELETE FROM openseam_rows WHERE space = $1 AND key = ANY($2::text[])'

interface Row {
  key: string
  value: Buffer
}

interface Waiting {
  writes: SharedWrite[]
  done: PromiseWithResolvers<void>
}

/** Creates its table where there is none. Throws CONFIG for what will not get better, STORE_DOWN for a server that is not there. */
export const openPostgresStore = async (init: PostgresInit): Promise<SharedStore & RangeStore> => {
  const pool = new pg.Pool({ ...optionsOf(init), max: CONNECTIONS_MAX })
  const lost = (error: Error): void => init.log.warn({ reason: error.message }, 'a connection to the store was lost')
  pool.on('error', lost)
  // One in use says it twice: to the query that waits, and, when none does at that moment, only here.
  pool.on('connect', (client) => client.on('error', lost))
  try {
    await setUp(pool)
    return new PostgresStore(pool, init)
  } catch (error) {
    await pool.end()
    throw opening(error)
  }
}

const optionsOf = ({ url, password }: PostgresInit): pg.PoolConfig => {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new SeamError('CONFIG', 'the store is named by postgres://user@host/database')
  return {
    connectionString: password === undefined ? url : withPassword(url, password),
    application_name: 'openseam',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    lock_timeout: QUERY_MS / 2,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true
  }
}

/** As a parameter, which beats what stands before the @. */
const withPassword = (url: string, password: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}`

const setUp = async (pool: pg.Pool): Promise<void> => {
  const { rows } = await pool.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`)
  if ((rows[0]?.version ?? 0) < VERSION_MIN) throw new SeamError('CONFIG', 'the store needs PostgreSQL 13 or newer')
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(${SETUP_LOCK}); ${TABLE}; COMMIT`)
}

/** The reason without the connection string, which may hold a password. */
const opening = (cause: unknown): SeamError => {
  if (cause instanceof SeamError) return cause
  const text = reasonOf(cause)
  if (isAway(cause)) return new SeamError('STORE_DOWN', `the store's database cannot be reached: ${text}`)
  return new SeamError('CONFIG', `the store's database does not serve this gateway: ${text}`)
}

class PostgresStore implements SharedStore, RangeStore {
  readonly shared = true
  readonly #pool: pg.Pool
  readonly #space: string
  readonly #clock: Clock
  readonly #log: Log
  readonly #waiting: Waiting[] = []
  #pumping: Promise<void> | undefined
  #closed = false

  constructor(pool: pg.Pool, { space, clock, log }: PostgresInit) {
    this.#pool = pool
    this.#space = space
    this.#clock = clock
    this.#log = log
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#rows<{ value: Buffer }>(GET, [this.#space, key])
    return row === undefined ? undefined : plain(row.value)
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const rows = await this.#rows<Row>(READ, [this.#space, keys])
    const found = new Map(rows.map(({ key, value }) => [key, plain(value)]))
    return keys.map((key) => found.get(key))
  }

  async range({ prefix, after, reverse = false, limit }: RangeQuery): Promise<[string, Uint8Array][]> {
    const end = endOf(prefix)
    const rows = await this.#rows<Row>(RANGE(reverse), [this.#space, prefix, end, after ?? (reverse ? end : ''), limit])
    return rows.map(({ key, value }) => [key, plain(value)])
  }

  async *list(prefix: string): AsyncIterable<[string, Uint8Array]> {
    let after = ''
    for (;;) {
      const rows = await this.#rows<Row>(LIST, [this.#space, prefix, endOf(prefix), after])
      for (const { key, value } of rows) yield [key, plain(value)]
      const last = rows.at(-1)
      if (last === undefined || rows.length < LIST_ROWS) return
      after = last.key
    }
  }

  batch(writes: SharedWrite[]): Promise<void> {
    if (this.#closed) return Promise.reject(new SeamError('STORE_DOWN', 'the store is closed'))
    const done = Promise.withResolvers<void>()
    this.#waiting.push({ writes, done })
    this.#pumping ??= this.#pump()
    return done.promise
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#pumping
    await this.#pool.end()
  }

  /** One transaction at a time, so the order handed in is the order stored. */
  async #pump(): Promise<void> {
    await Promise.resolve() // batches of the same moment go together
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP_MAX)
      try {
        const failed = await this.#commit(group.map(({ writes }) => writes))
        for (const [i, { done }] of group.entries()) {
          if (failed.has(i)) done.reject(failed.get(i))
          else done.resolve()
        }
      } catch (error) {
        for (const { done } of group) done.reject(error)
      }
    }
    this.#pumping = undefined // in the same step as the last look: nothing is handed in between
  }

  /** Resolves to what the updates of single batches threw. */
  async #commit(batches: SharedWrite[][]): Promise<Settled['failed']> {
    let attempt: Attempt | undefined
    return this.#retried(async () => {
      // The answer to an earlier try may have been lost on the way: its own number says what became of it.
      if (attempt?.settled !== undefined && attempt.xid !== undefined && (await this.#committed(attempt.xid)))
        return attempt.settled.failed
      attempt = {}
      return this.#transaction(batches, attempt)
    })
  }

  async #transaction(batches: SharedWrite[][], attempt: Attempt): Promise<Settled['failed']> {
    const client = await this.#pool.connect()
    try {
      const begun = (await client.query(BEGIN)) as unknown as pg.QueryResult<{ xid: string }>[]
      const keys = updatedKeys(batches)
      const current = new Map<string, Uint8Array>()
      if (keys.length > 0) {
        await client.query(LOCK, [this.#lockIds(keys)])
        const { rows } = await client.query<Row>(READ, [this.#space, keys])
        for (const { key, value } of rows) current.set(key, plain(value))
      }
      const settled = settleBatches(batches, current)
      const { puts, dels } = settled
      if (puts.size > 0) await client.query(PUT, [this.#space, [...puts.keys()], [...puts.values()].map(asBuffer)])
      if (dels.size > 0) await client.query(DEL, [this.#space, [...dels]])
      attempt.xid = begun[1]?.rows[0]?.xid
      attempt.settled = settled
      await client.query('COMMIT')
      client.release()
      return settled.failed
    } catch (error) {
      client.release(true) // what it was in the middle of, the server undoes
      throw error
    }
  }

  /** Whether a transaction of ours was committed. One that the server has not ended yet is waited for, by the retry. */
  async #committed(xid: string): Promise<boolean> {
    const { rows } = await this.#pool.query<{ status: string | null }>('SELECT pg_xact_status($1::text::xid8) AS status', [xid])
    if (rows[0]?.status === 'in progress') throw new Unsettled('a transaction is still open at the server')
    return rows[0]?.status === 'committed'
  }

  async #rows<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<R[]> {
    return this.#retried(async () => (await this.#pool.query<R>(text, values)).rows)
  }

  async #retried<T>(run: () => Promise<T>): Promise<T> {
    const untilMs = this.#clock.tickMs() + AWAY_MS
    for (let waitMs = RETRY_MS.min; ; waitMs = Math.min(waitMs * 2, RETRY_MS.max)) {
      try {
        return await run()
      } catch (cause) {
        if (cause instanceof SeamError) throw cause
        const reason = reasonOf(cause)
        if (!isAway(cause) || this.#clock.tickMs() >= untilMs) {
          this.#log.error({ reason }, 'the store does not take what it is given')
          throw new SeamError('STORE_DOWN', `the store's database does not answer as it should: ${reason}`)
        }
        this.#log.warn({ reason }, 'the store is away, trying again')
        await this.#clock.sleep(waitMs)
      }
    }
  }

  /** 64 bits of a hash: two keys of one number only wait for each other. Sorted, so that no two transactions wait in a circle. */
  #lockIds(keys: readonly string[]): string[] {
    const ids = keys.map((key) => createHash('sha256').update(`${this.#space}\n${key}`).digest().readBigInt64BE(0))
    return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)).map(String)
  }
}

interface Attempt {
  xid?: string | undefined
  /** Present once COMMIT was sent. */
  settled?: Settled
}

class Unsettled extends Error {}

/** Behind every key with that prefix. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`
const plain = (value: Buffer): Uint8Array => new Uint8Array(value)
const asBuffer = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength)

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string }
  return `${code ?? ''} ${message ?? String(error)}`.trim().slice(0, 300)
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const PASSING = /^(08...|57P0[123]|57014|25P0[34]|40001|40P01|55P03|53300|E(CONN|PIPE|AI_AGAIN|TIMEDOUT|HOST|NET|NOENT).*)$/
const DROPPED = /timeout|Connection terminated|Connection ended|not queryable|client was closed/i

/** Will it pass? A server that restarts, a connection that broke, a lock that took too long. */
const isAway = (error: unknown): boolean => {
  if (error instanceof Unsettled) return true
  if (error instanceof AggregateError) return error.errors.every(isAway)
  const { code, message } = error as { code?: string; message?: string }
  return code === undefined ? DROPPED.test(message ?? '') : PASSING.test(code)
}

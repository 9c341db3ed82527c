/** Which sessions answered which `Idempotency-Key`: enough to give an answer again, and nothing of its text. */
import type { Store } from 'openseam/components'
import { z } from 'zod'

const record = z.object({
  body: z.string(),
  sessions: z.array(z.string()),
  /** Of each session: a later turn has more, so an answer is not taken for the one before it. */
  promptTokens: z.array(z.int()),
  id: z.string(),
  created: z.int(),
  untilMs: z.int()
})
export type OnceRecord = z.output<typeof record>

export interface OnceRecords {
  get(key: string, nowMs: number): Promise<OnceRecord | undefined>
  /** Resolves once it is as durable as this store makes it. */
  put(key: string, value: OnceRecord, nowMs: number): Promise<void>
  drop(key: string): Promise<void>
}

const RECORDS_MAX = 10_000

export const memoryRecords = (recordsMax: number = RECORDS_MAX): OnceRecords => {
  const records = new Map<string, OnceRecord>()
  return {
    async get(key, nowMs) {
      const value = records.get(key)
      return value !== undefined && value.untilMs > nowMs ? value : undefined
    },
    async put(key, value) {
      records.delete(key)
      records.set(key, value)
      const oldest = records.size > recordsMax ? records.keys().next().value : undefined
      if (oldest !== undefined) records.delete(oldest)
    },
    drop: async (key) => void records.delete(key)
  }
}

const SWEEP_MS = 3_600_000
const DELETES_MAX = 1_000

/** Survives a restart, as the sessions do. What is out of time is removed now and then, while others are written. */
export const storeRecords = (store: Store): OnceRecords => {
  const keyOf = (key: string): string => `once/${key}`
  let sweptMs = Number.NEGATIVE_INFINITY
  const sweep = async (nowMs: number): Promise<void> => {
    let old: string[] = []
    const remove = async (): Promise<void> => {
      await store.batch(old.map((del) => ({ del })))
      old = []
    }
    for await (const [key, value] of store.list('once/')) {
      if ((decode(value)?.untilMs ?? 0) > nowMs) continue
      old.push(key)
      if (old.length === DELETES_MAX) await remove()
    }
    if (old.length > 0) await remove()
  }
  return {
    async get(key, nowMs) {
      const value = await store.get(keyOf(key))
      const known = value === undefined ? undefined : decode(value)
      return known !== undefined && known.untilMs > nowMs ? known : undefined
    },
    async put(key, value, nowMs) {
      await store.batch([{ put: keyOf(key), value: Buffer.from(JSON.stringify(value)) }])
      if (nowMs - sweptMs < SWEEP_MS) return
      sweptMs = nowMs
      await sweep(nowMs)
    },
    drop: (key) => store.batch([{ del: keyOf(key) }])
  }
}

const decode = (value: Uint8Array): OnceRecord | undefined => {
  try {
    return record.parse(JSON.parse(Buffer.from(value).toString('utf8')))
  } catch {
    return undefined // of another version: as if it had run out
  }
}

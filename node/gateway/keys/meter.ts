/** Holds a key to its quota: asked before an answer begins, told what it cost when it ends, however it ends. */
import type { Clock, Log } from 'openseam/components'
import type { Source } from 'openseam/openai/source'
import { formatOpen } from 'openseam/protocol/amounts'
import { ApiError } from '../errors.ts'
import type { ApiKey } from './book.ts'
import type { SpendBook } from './spend.ts'

export interface Meter {
  /** Throws `KEY_QUOTA` when nothing is left, answers that still run counted as far as they are. */
  admit(key: ApiKey): Promise<void>
  watch(hash: string, source: Source): Source
  /** Resolves once every answer that has ended is booked. */
  settled(): Promise<void>
}

const SETTLE_TRIES = 60
const SETTLE_MS = 500

export const meterOf = ({ spend, clock, log }: { spend: SpendBook; clock: Clock; log: Log }): Meter => {
  const running = new Map<string, Set<Source>>()
  const settling = new Set<Promise<void>>()

  /** An answer that is left is closed and paid before its cost is known; the caller does not wait for that, the book does. */
  const settle = async (hash: string, source: Source): Promise<void> => {
    try {
      let summary = await source.summary()
      for (let i = 0; summary.running && i < SETTLE_TRIES; i++) {
        await clock.sleep(SETTLE_MS)
        summary = await source.summary()
      }
      const { amount, promptTokens, tokenIds } = summary
      await spend.add(hash, { amount, promptTokens, completionTokens: tokenIds.length, answers: 1 })
    } catch (error) {
      log.error(
        { session: source.session, error: (error as Error).message },
        'what an answer cost could not be booked to its key'
      )
    } finally {
      const mine = running.get(hash)
      mine?.delete(source)
      if (mine?.size === 0) running.delete(hash)
    }
  }

  return {
    async admit({ hash, perDay, total }) {
      if (perDay === undefined && total === undefined) return
      const open = await Promise.all([...(running.get(hash) ?? [])].map((source) => source.summary()))
      const now = open.reduce((sum, { amount }) => sum + amount, 0n)
      if (total !== undefined && spend.total(hash) + now >= total) throw spentUp(`its total of ${formatOpen(total)} OPEN`)
      if (perDay !== undefined && spend.today(hash) + now >= perDay)
        throw spentUp(`today's ${formatOpen(perDay)} OPEN; the next day begins at midnight UTC`)
    },
    watch(hash, source) {
      running.set(hash, (running.get(hash) ?? new Set()).add(source))
      let open = true
      const ended = (): void => {
        if (!open) return
        open = false
        const done = settle(hash, source).finally(() => settling.delete(done))
        settling.add(done)
      }
      const pass = <Value>(batch: Value | undefined): Value | undefined => {
        if (batch === undefined) ended()
        return batch
      }
      const failed = (error: unknown): never => {
        ended()
        throw error
      }
      const first = source.first.then(pass, failed)
      first.catch(() => undefined) // as in source.ts: heard by whoever awaits it
      return {
        session: source.session,
        first,
        next: () => source.next().then(pass, failed),
        leave() {
          source.leave()
          ended()
        },
        summary: () => source.summary()
      }
    },
    async settled() {
      while (settling.size > 0) await Promise.all(settling)
    }
  }
}

const spentUp = (what: string): ApiError =>
  new ApiError({ status: 429, code: 'KEY_QUOTA', message: `This API key has spent ${what}.` })

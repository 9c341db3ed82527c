/** Holds a key to its quota: asked before an answer begins, told what it cost when it ends, however it ends. */
import type { Log } from 'openseam/components'
import type { Source } from 'openseam/openai/source'
import { formatOpen } from 'openseam/protocol/amounts'
import type { TurnSummary } from 'openseam/session/types'
import { ApiError } from '../errors.ts'
import type { ApiKey } from './book.ts'
import type { SpendBook, Spent } from './spend.ts'

export interface Meter {
  /** Throws `KEY_QUOTA` when nothing is left, answers that still run counted as far as they are. */
  admit(key: ApiKey): Promise<void>
  /** `before`: what of it was booked already, where an answer that broke off is carried on. */
  watch(hash: string, source: Source, before?: TurnSummary): void
  /** Resolves once every answer that has ended is booked. */
  settled(): Promise<void>
}

export const meterOf = ({ spend, log }: { spend: SpendBook; log: Log }): Meter => {
  const running = new Map<string, Set<Source>>()
  const settling = new Set<Promise<void>>()

  const settle = async (hash: string, source: Source, before?: TurnSummary): Promise<void> => {
    try {
      const summary = await source.summary()
      const spent = before === undefined ? spentOn(summary) : since(spentOn(summary), spentOn(before))
      if (spent.answers > 0 || spent.amount > 0n) await spend.add(hash, spent)
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
    watch(hash, source, before) {
      running.set(hash, (running.get(hash) ?? new Set()).add(source))
      void source.ended.then(() => {
        const done = settle(hash, source, before).finally(() => settling.delete(done))
        settling.add(done)
      })
    },
    async settled() {
      while (settling.size > 0) await Promise.all(settling)
    }
  }
}

const spentOn = ({ amount, promptTokens, tokenIds }: TurnSummary): Spent => {
  return { amount, promptTokens, completionTokens: tokenIds.length, answers: 1 }
}

const since = (now: Spent, before: Spent): Spent => ({
  amount: now.amount - before.amount,
  promptTokens: now.promptTokens - before.promptTokens,
  completionTokens: now.completionTokens - before.completionTokens,
  answers: now.answers - before.answers
})

const spentUp = (what: string): ApiError =>
  new ApiError({ status: 429, code: 'KEY_QUOTA', message: `This API key has spent ${what}.` })

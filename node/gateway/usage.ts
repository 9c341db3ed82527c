/** `GET /v1/usage`: what the key that asks has spent, and what it may. */
import type { Context as Call } from 'hono'
import { accountOf, callerOf } from './caller.ts'
import type { Context } from './context.ts'
import { type Spent, sumOf } from './keys/spend.ts'

const view = ({ amount, promptTokens, completionTokens, answers }: Spent) => ({
  answers,
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  amount: amount.toString()
})

export const usageRoute =
  (gateway: Context) =>
  async (call: Call): Promise<Response> => {
    const caller = callerOf(gateway, call)
    const days = gateway.spend.days(accountOf(gateway, caller))
    const { name, perDay, total } = caller.key ?? {}
    return call.json({
      object: 'usage',
      key: name ?? null,
      quota: { day: perDay?.toString() ?? null, total: total?.toString() ?? null },
      total: view(sumOf(days.map(([, spent]) => spent))),
      days: days.map(([day, spent]) => ({ day, ...view(spent) }))
    })
  }

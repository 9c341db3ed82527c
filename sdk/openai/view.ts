/** The `openseam` object: one turn as its client knows it, amounts as decimal strings of wei. */
import type { LegSummary, ModelView, TurnSummary } from '../session/types.ts'

const wei = (amount: bigint): string => amount.toString()

const legView = (leg: LegSummary) => ({
  leg: leg.leg,
  provider: leg.provider,
  account: leg.account,
  from: leg.from,
  to: leg.to,
  resumed: leg.resumed,
  kept: leg.kept,
  recomputed: leg.recomputed,
  exact: leg.exact,
  gapMs: leg.gapMs,
  end: leg.end,
  price: { prompt: wei(leg.price.prompt), completion: wei(leg.price.completion) },
  amount: wei(leg.amount),
  receipts: leg.receipts
})

export const turnView = (turn: TurnSummary, withIds = true) => ({
  session: turn.session,
  chainSession: turn.chainSession,
  promptTokens: turn.promptTokens,
  ...(withIds ? { tokenIds: turn.tokenIds } : {}),
  legs: turn.legs.map(legView),
  amount: wei(turn.amount),
  receipts: turn.receipts
})

export type TurnView = ReturnType<typeof turnView>

export const sessionView = (turn: TurnSummary) => ({
  ...turnView(turn),
  model: turn.model,
  running: turn.running,
  finish: turn.finish,
  successors: turn.successors.map(({ provider, blocks }) => ({ provider, blocks }))
})

export const usageView = (turn: TurnSummary) => ({
  prompt_tokens: turn.promptTokens,
  completion_tokens: turn.tokenIds.length,
  total_tokens: turn.promptTokens + turn.tokenIds.length
})

export type UsageView = ReturnType<typeof usageView>

export const modelView = (model: ModelView, created: number) => ({
  id: model.id,
  object: 'model' as const,
  created,
  owned_by: 'openseam',
  openseam: {
    modelId: model.modelId,
    contextMax: model.contextMax,
    providers: model.providers,
    price: { prompt: model.price.prompt.toString(), completion: model.price.completion.toString() },
    royalties: model.royalties
  }
})

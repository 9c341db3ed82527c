/** How long a conversation stands still when its provider dies, and whether a token is lost, doubled or different. */
import { type Books, balanceBooks } from './books.ts'
import { BenchMarket, type Fault } from './market.ts'
import { type BenchModel, benchModel, type ModelName, modelNames } from './models.ts'
import type { BenchOptions } from './options.ts'
import { chance, quantile, round } from './stats.ts'
import { type Kind, planOf, schedule, settings } from './takeover-plan.ts'
import { runTrial, type Trial, undisturbed } from './trial.ts'

const UP_MIN = 2 // one serves, one stands by; below that, all that are down start again

export interface TakeoverRow {
  tier: Kind['tier']
  fault: Fault
  model: ModelName
  context: number
  network: 'loopback'
  trials: number
  failed: number
  gapMs: { p50: number; p90: number; p99: number; max: number }
  recomputed: { p50: number; max: number }
  lost: number
  duplicated: number
  mismatched: number
  /** How the trials were in fact resumed: a fault before the first sealed block leaves only the token log. */
  resumed: Record<string, number>
}

interface Done {
  kind: Kind
  trial?: Trial
  failure?: string
}

export const takeover = async (options: BenchOptions): Promise<object> => {
  const { say, fault } = options
  const rows: TakeoverRow[] = []
  const failures: string[] = []
  const crashes: string[] = []
  const books: Record<string, Books> = {}
  for (const name of modelNames) {
    if (options.model !== undefined && options.model !== name) continue
    const done = await onModel(await benchModel(name), options, books, crashes)
    rows.push(...rowsOf(name, fault, done))
    failures.push(
      ...done.flatMap(({ kind, failure }) => (failure === undefined ? [] : [`${name} ${kind.context} ${kind.tier}: ${failure}`]))
    )
    say(
      `${name}: ${done.length} trials, ${failures.length} failed, books ${books[name]?.exact ? 'exact' : `WRONG: ${books[name]?.problems.join('; ')}`}`
    )
  }
  return { rows, books, failures, crashes }
}

const onModel = async (
  model: BenchModel,
  options: BenchOptions,
  books: Record<string, Books>,
  crashes: string[]
): Promise<Done[]> => {
  const { say, home } = options
  const setting = settings[model.name]
  const market = await BenchMarket.open({
    model,
    providers: setting.providers,
    slots: setting.slots,
    ...(options.threads !== undefined && { threads: options.threads }),
    home,
    say: (text) => say(`${model.name}: ${text}`)
  })
  const unlisten = options.onStop(() => market.close())
  try {
    const answers = new Map<string, number[]>()
    const done: Done[] = []
    const kinds = schedule(setting, options)
    const draw = chance(1)
    for (const [i, kind] of kinds.entries()) {
      const prompt = Math.floor(draw() * (options.quick ? 1 : setting.prompts))
      const plan = planOf(model, setting, kind, prompt, options.fault, draw)
      const key = `${kind.context}:${kind.sampled}:${prompt}`
      try {
        await market.settledIn(UP_MIN)
        const expected =
          answers.get(key) ?? (await undisturbed(market, { ...plan, maxTokens: setting.faultAt[1] + setting.after }))
        answers.set(key, expected)
        const trial = await runTrial(market, plan, expected)
        done.push({ kind, trial })
        say(
          `${model.name} ${i + 1}/${kinds.length}: context ${kind.context} ${kind.tier}${kind.sampled ? ' sampled' : ''}: gap ${round(trial.gapMs)} ms, ` +
            `${trial.resumed}, ${trial.kept} kept, ${trial.recomputed} recomputed${flaws(trial)}`
        )
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error)
        done.push({ kind, failure })
        say(`${model.name} ${i + 1}/${kinds.length}: context ${kind.context} ${kind.tier} FAILED: ${failure}`)
      }
    }
    await market.settledIn()
    say(`${model.name}: waiting for the last vouchers to settle`)
    books[model.name] = await balanceBooks(market)
    crashes.push(...market.crashes.map((provider) => `${model.name} ${provider}`))
    return done
  } finally {
    unlisten()
    await market.close()
  }
}

const flaws = ({ lost, duplicated, mismatched }: Trial): string =>
  lost + duplicated + mismatched === 0 ? '' : `, LOST ${lost}, DUPLICATED ${duplicated}, MISMATCHED ${mismatched}`

const rowsOf = (model: ModelName, fault: Fault, done: readonly Done[]): TakeoverRow[] =>
  [...Map.groupBy(done, ({ kind }) => `${kind.context} ${kind.tier}`).values()]
    .map((group): TakeoverRow => {
      const { context, tier } = (group[0] as Done).kind
      const trials = group.flatMap(({ trial }) => trial ?? [])
      const gaps = trials.map(({ gapMs }) => gapMs)
      const recomputed = trials.map((trial) => trial.recomputed)
      const gap = (share: number): number => round(quantile(gaps, share))
      const sum = (of: (trial: Trial) => number): number => trials.reduce((total, trial) => total + of(trial), 0)
      return {
        tier,
        fault,
        model,
        context,
        network: 'loopback',
        trials: group.length,
        failed: group.length - trials.length,
        gapMs: { p50: gap(0.5), p90: gap(0.9), p99: gap(0.99), max: gap(1) },
        recomputed: { p50: quantile(recomputed, 0.5), max: quantile(recomputed, 1) },
        lost: sum((trial) => trial.lost),
        duplicated: sum((trial) => trial.duplicated),
        mismatched: sum((trial) => trial.mismatched),
        resumed: Object.fromEntries([...Map.groupBy(trials, ({ resumed }) => resumed)].map(([how, some]) => [how, some.length]))
      }
    })
    .sort((a, b) => a.context - b.context || b.tier.localeCompare(a.tier))

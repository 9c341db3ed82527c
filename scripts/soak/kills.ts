/** Two hundred deaths of a provider between a voucher that came and a batch that was confirmed; KILLS and SEED change the run. */
import { randomOf } from '../../test/node/explorer/fake-chain.ts'
import { settleKills } from '../../test/node/settle/kills/kills.ts'

export const kills = async (): Promise<object> => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  say(`SEED=${seed}`)
  return {
    seed,
    ...(await settleKills({ kills: Number(process.env['KILLS'] ?? 200), random: randomOf(seed), tearEvery: 4, say }))
  }
}

/** `openseam devnet`: a whole market on this machine, for trying, testing and telling the story. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { Devnet } from '../devnet/devnet.ts'
import { joinDevnet } from '../devnet/join.ts'
import { tellStory } from '../devnet/story.ts'
import { flagsOf } from '../lib/env.ts'
import { defaultHome, type Home, openHome } from '../lib/home.ts'
import { logLevels } from '../lib/log.ts'
import { startProgress, withProgress } from '../lib/progress.ts'
import { onShutdown } from '../lib/shutdown.ts'
import { integer, port } from './options.ts'

const schema = z.object({
  home: z.string(),
  portBase: port.optional(),
  pace: integer(0, 100_000),
  respawn: z.boolean(),
  story: z.boolean(),
  tier: z.enum(['warm', 'prefill', 'auto']),
  providers: integer(1, 8),
  model: z.string(),
  slots: integer(1, 256),
  capacity: integer(32, 1_000_000).optional(),
  settleEvery: integer(100, 86_400_000),
  x402: z.boolean(),
  native: z.boolean(),
  join: z.string().optional(),
  logLevel: z.enum(logLevels)
})

/** The model that comes with openseam: in the repository beside the workspaces, in the package inside it. */
export const embeddedModel = (): string => {
  const places = ['../../models/seam-chat', '../models/seam-chat', '../../../models/seam-chat'].map((path) =>
    join(import.meta.dirname, path)
  )
  return places.find((place) => existsSync(join(place, 'config.json'))) ?? (places[0] as string)
}

export const devnetCommand = (program: Command): void => {
  program
    .command('devnet')
    .description('a whole market on this machine: chain, contracts, four providers, gateway, explorer')
    .option('--story', 'tell the main job once: a provider is killed in mid-sentence, and nothing is lost', false)
    .option('--home <dir>', 'state, logs and devnet.json', defaultHome())
    .option('--port-base <port>', 'gateway here, explorer and chain on the next two; 0 = free ones (default 8787, 8788, 8545)')
    .option('--pace <n>', 'cap each session at n tokens/s, so that people can watch; 0 = none', '40')
    .option('--respawn', 'bring a killed provider back', false)
    .option('--tier <tier>', 'how a session moves: warm, prefill or auto', 'warm')
    .option('--providers <n>', 'provider processes', '4')
    .option('--model <dir>', 'model directory', embeddedModel())
    .option('--slots <n>', 'sessions at once per provider', '8')
    .option('--capacity <positions>', 'context of one slot (default the model’s)')
    .option('--settle-every <ms>', 'how often providers settle', '5000')
    .option('--x402', 'callers of the gateway pay by the request; its page then cannot chat', false)
    .option('--native', 'pay in the chain’s own coin, as on OpenLedger, and not in a token', false)
    .option('--join <file>', 'add a provider here to the devnet whose devnet.json this is')
    .option('--log-level <level>', logLevels.join(', '), 'info')
    .action(async (_options, command: Command) => devnet(flagsOf(command, schema)))
}

const portsOf = (base: number | undefined): { gateway: number; explorer: number; chain: number; metrics: number } => {
  if (base === undefined) return { gateway: 8787, explorer: 8788, chain: 8545, metrics: 9101 }
  if (base === 0) return { gateway: 0, explorer: 0, chain: 0, metrics: 0 }
  return { gateway: base, explorer: base + 1, chain: base + 2, metrics: base + 10 }
}

const devnet = async (flags: z.output<typeof schema>): Promise<void> => {
  const home = await openHome(flags.home)
  if (flags.join !== undefined) return joinOther(home, flags.join, flags)
  const { story, pace, respawn, tier, providers, slots, capacity, logLevel } = flags
  const net = new Devnet({
    home: home.dir,
    ports: portsOf(story ? (flags.portBase ?? 0) : flags.portBase),
    providers,
    modelDir: flags.model,
    modelName: basename(flags.model),
    pace,
    respawn,
    tier,
    settleEveryMs: story ? 1_000 : flags.settleEvery,
    slots,
    ...(capacity !== undefined && { capacity }),
    gateway: true,
    explorer: !story,
    x402: flags.x402 && !story,
    native: flags.native,
    logLevel
  })
  const stopped = Promise.withResolvers<void>()
  const unlisten = onShutdown({
    stop: async () => {
      await net.stop()
      await home.release()
      stopped.resolve()
    }
  })
  const progress = startProgress('starting')
  try {
    await net.start((text) => progress.update(text))
    progress.done()
    if (story) {
      await tellStory(net, (text) => process.stdout.write(text))
    } else {
      process.stdout.write(welcome(net))
      await stopped.promise
      return
    }
  } catch (error) {
    progress.done()
    unlisten()
    await net.stop()
    await home.release()
    throw error
  }
  unlisten()
  await net.stop()
  await home.release()
}

const joinOther = async (home: Home, file: string, flags: z.output<typeof schema>): Promise<void> => {
  const { model, pace, slots, logLevel } = flags
  const child = await withProgress('joining', () => joinDevnet({ home: home.dir, file, modelDir: model, pace, slots, logLevel }))
  process.stdout.write(`Joined as ${child.ready.peerId}, account ${child.ready.account}. Ctrl-C leaves.\n`)
  onShutdown({ stop: () => child.stop() })
  await child.exited
  await home.release()
}

const welcome = (net: Devnet): string => {
  const rows = net.providers.map(({ name, ready, child }) => `  ${name}  ${ready?.peerId ?? ''}  pid ${child?.process.pid ?? ''}`)
  const body = JSON.stringify({
    model: net.options.modelName,
    stream: true,
    messages: [{ role: 'user', content: 'My name is Ada. Tell me a story about a blue lamp.' }]
  })
  return [
    '',
    'The market is open.',
    '',
    `  chat      ${net.gatewayUrl ?? ''}   (in a browser: kill who is answering, and watch)`,
    `  gateway   ${net.gatewayUrl ?? ''}/v1   (any OpenAI client; no key needed here)`,
    `  explorer  ${net.explorerUrl ?? ''}   (in a browser: who did what, for how much; /openapi.json for programs)`,
    `  chain     ${net.rpc}`,
    `  state     ${net.file}`,
    '',
    ...rows,
    '',
    'Try:',
    '  npm run openseam -- chat',
    `  curl -N ${net.gatewayUrl ?? ''}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`,
    '  kill -9 one of the providers above while it talks: the text goes on.',
    '',
    'Ctrl-C stops everything.',
    ''
  ].join('\n')
}

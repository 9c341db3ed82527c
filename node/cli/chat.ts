/** `openseam chat`: a conversation in the terminal, through a gateway. Answers go to stdout, everything about them to stderr. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { formatOpen } from 'openseam/protocol/amounts'
import { codeOf, SeamError } from 'openseam/protocol/errors'
import { z } from 'zod'
import { type ChatEnd, type ChatSwitch, type ChatTurn, callGateway, type GatewayCall, streamChat } from '../lib/chat-stream.ts'
import { flagsOf } from '../lib/env.ts'
import { defaultHome } from '../lib/home.ts'
import { startProgress } from '../lib/progress.ts'

const schema = z.object({
  home: z.string(),
  gateway: z.url().optional(),
  model: z.string().optional(),
  apiKey: z.string().optional(),
  system: z.string().optional(),
  message: z.string().optional(),
  temperature: z.coerce.number().min(0).max(2).optional(),
  seed: z.coerce.number().int().optional(),
  maxTokens: z.coerce.number().int().min(1).optional(),
  quiet: z.boolean().default(false),
  json: z.boolean().default(false)
})
type Flags = z.output<typeof schema>

export const chatCommand = (program: Command): void => {
  program
    .command('chat')
    .description('talk to a model; shows it when a provider dies and another goes on')
    .option('--gateway <url>', 'default: the devnet that runs under --home')
    .option('--home <dir>', 'where to look for devnet.json', defaultHome())
    .option('--model <id>', "default: the devnet's, or the first on offer")
    .option('--api-key <key>', 'sent as a bearer token')
    .option('--system <text>', 'instructions before the conversation')
    .option('--message <text>', 'ask this, print the answer and exit')
    .option('--temperature <number>', '0 to 2')
    .option('--seed <integer>', 'same seed, same request, same answer')
    .option('--max-tokens <count>', 'longest answer')
    .option('--quiet', 'say nothing about providers')
    .option('--json', 'one JSON object per answer')
    .action(async (_options, command: Command) => chat(flagsOf(command, schema)))
}

const chat = async (flags: Flags): Promise<void> => {
  const { gateway, model } = await whereTo(flags)
  const talk = conversation(flags, { url: gateway, ...(flags.apiKey === undefined ? {} : { apiKey: flags.apiKey }) }, model)
  if (flags.message !== undefined) return talk.say(flags.message)
  if (process.stdin.isTTY) note(`${model} at ${gateway}. /exit leaves, Ctrl-C stops an answer.`)
  for await (const line of lines()) {
    if (line.trim() === '/exit') return
    if (line.trim() === '') continue
    // In a conversation one refusal is no reason to leave.
    await talk
      .say(line)
      .catch((error: unknown) => note(error instanceof SeamError ? `${error.code}: ${error.message}` : String(error)))
  }
}

const whereTo = async ({ home, gateway, model }: Flags): Promise<{ gateway: string; model: string }> => {
  const devnet = gateway === undefined ? await readDevnet(home) : undefined
  const url = gateway ?? devnet?.gateway ?? ''
  if (model !== undefined) return { gateway: url, model }
  if (devnet?.model !== undefined) return { gateway: url, model: devnet.model }
  const { data } = (await (await callGateway({ url }, '/v1/models')).json()) as { data: { id: string }[] }
  if (data[0] === undefined) throw new SeamError('NO_PROVIDER', `${url} knows of no model on offer`)
  return { gateway: url, model: data[0].id }
}

const readDevnet = async (home: string): Promise<{ gateway: string; model?: string }> => {
  const path = join(home, 'devnet.json')
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new SeamError(
      'CONFIG',
      `no devnet runs under ${home} (${path}); start one with \`openseam devnet\`, or name a --gateway`,
      { cause }
    )
  }
}

/** On a terminal a reader per line, so that between lines Ctrl-C is a signal; from a pipe one reader, for it reads ahead. */
async function* lines(): AsyncGenerator<string, void> {
  if (!process.stdin.isTTY) return yield* createInterface({ input: process.stdin })
  const history: string[] = []
  for (;;) {
    const reader = createInterface({ input: process.stdin, output: process.stdout, history: [...history] })
    const left = new AbortController()
    for (const end of ['SIGINT', 'close'] as const) reader.once(end, () => left.abort())
    const line = await reader.question('› ', { signal: left.signal }).catch(() => undefined)
    reader.close()
    if (line === undefined) return
    history.unshift(line)
    yield line
  }
}

const conversation = (flags: Flags, call: GatewayCall, model: string): { say(text: string): Promise<void> } => {
  const { temperature, seed, maxTokens, system } = flags
  const messages: ChatTurn['messages'] = system === undefined ? [] : [{ role: 'system', content: system }]
  let session: string | undefined

  /** The answer so far; the end is missing when it was stopped. */
  const answer = async (turn: ChatTurn): Promise<{ text: string; finish: string; end?: ChatEnd }> => {
    const stop = new AbortController()
    const onInterrupt = (): void => stop.abort()
    process.once('SIGINT', onInterrupt)
    const waiting = startProgress('waiting for the first token')
    let text = ''
    try {
      for await (const event of streamChat({ ...call, signal: stop.signal }, turn)) {
        if (event.kind === 'end') return { text, finish: event.finish, end: event.end }
        waiting.clear()
        if (event.kind === 'text') {
          text += event.text
          if (!flags.json) process.stdout.write(event.text)
        } else if (!flags.quiet) note(switchLine(event.change), text !== '' && !text.endsWith('\n'))
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error
    } finally {
      waiting.clear()
      process.off('SIGINT', onInterrupt)
      if (text !== '' && !flags.json) process.stdout.write('\n')
    }
    return { text, finish: 'cancelled' }
  }

  return {
    async say(content) {
      const turn = { model, messages: [...messages, { role: 'user' as const, content }], temperature, seed, maxTokens }
      const made = await answer({ ...turn, session }).catch((error: unknown) => {
        if (session === undefined || !LOST.has(codeOf(error))) throw error
        return answer(turn)
      })
      messages.push({ role: 'user', content }, { role: 'assistant', content: made.text })
      // A stopped answer may have gone on past what was shown, so its session no longer extends to these messages.
      session = made.end?.openseam.session
      if (flags.json) process.stdout.write(`${JSON.stringify({ text: made.text, finish: made.finish, ...made.end })}\n`)
      else if (!flags.quiet) note(made.end === undefined ? 'stopped' : billLine(made.end))
    }
  }
}

/** The session is gone or tells another story; the whole conversation can be sent again instead. */
const LOST = new Set(['SESSION_UNKNOWN', 'SESSION_DIVERGED'])

const dim = (text: string): string =>
  process.stderr.isTTY && process.env['NO_COLOR'] === undefined ? `\x1b[2m${text}\x1b[0m` : text
const note = (text: string, newLine = false): void => void process.stderr.write(`${newLine ? '\n' : ''}${dim(`— ${text} —`)}\n`)
const short = (peer: string): string => (peer.length <= 12 ? peer : `${peer.slice(0, 4)}…${peer.slice(-4)}`)

const switchLine = ({ from, to, kept, recomputed, gapMs }: ChatSwitch): string =>
  `provider ${short(from)} gone, ${short(to)} took over: ${kept} kept, ${recomputed} recomputed, ${Math.round(gapMs)} ms`

const billLine = ({ usage, openseam }: ChatEnd): string => {
  const makers = [...new Set(openseam.legs.filter(({ from, to }) => to > from).map(({ provider }) => short(provider)))]
  return `${usage.completion_tokens} tokens by ${makers.join(', then ')}, ${formatOpen(BigInt(openseam.amount))} OPEN`
}

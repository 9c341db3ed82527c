/** The main job told once (interfaces.md): a conversation outlives its machine, and everyone is paid to the wei. */
import { currencyBalance, LedgerClient, Rpc } from 'openseam/chain/index'
import { formatOpen } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import type { Address } from 'openseam/protocol/eth'
import type { Devnet } from './devnet.ts'
import { type SeamObject, streamChat } from './sse.ts'

const SEED = 20_260
const KILL_AT_TOKEN = 120
const COLUMNS = 96
const INDENT = 8
const STORY_TOKENS_MAX = 640 // leaves room for the question after the story
const SETTLED_MS = 60_000
const QUESTION = 'My name is Ada. Tell me a story about a blue lamp.'
const RECALL = 'What is my name?'

type Say = (text: string) => void
interface Told {
  text: string
  result: SeamObject
}

export const tellStory = async (net: Devnet, say: Say): Promise<void> => {
  const gateway = net.gatewayUrl ?? ''
  const model = net.options.modelName
  const ask = { model, seed: SEED, temperature: 0 }
  const tell = { ...ask, max_tokens: STORY_TOKENS_MAX, messages: [user(QUESTION)] }
  const told: Told[] = []

  const sellers = sellersOf(net.providers.length)
  say(`\n${sellers} ${model}; none of them trusts another. You ask one of them:\n\n  you   ${QUESTION}\n  story `)
  const killed: string[] = []
  const page = new Page(say)
  const first = await listen(gateway, tell, page, async (provider, index) => {
    if (killed.length > 0 || index < KILL_AT_TOKEN) return
    killed.push(provider)
    const { name, child } = net.provider(provider)
    page.interrupt(`  kill -9 ${child?.process.pid ?? ''}   (${name}, in mid-sentence)`)
    await net.kill(provider)
  })
  told.push(first)
  const history = [user(QUESTION), { role: 'assistant', content: first.text }, user(RECALL)]
  say(`\n\n  you   ${RECALL}\n  story `)
  const second = await listen(gateway, { ...ask, messages: history, openseam: { session: first.result.session } }, new Page(say))
  told.push(second)

  say('\n\nThe same request once more, and nobody is disturbed ... ')
  const calm = await listen(gateway, tell)
  const calmHistory = [user(QUESTION), { role: 'assistant', content: calm.text }, user(RECALL)]
  const calmSecond = await listen(gateway, { ...ask, messages: calmHistory, openseam: { session: calm.result.session } })
  told.push(calm, calmSecond)
  const same = same2(first, calm) && same2(second, calmSecond)
  say(same ? 'the same text, token for token.\n' : 'ANOTHER TEXT.\n')

  say('The dead provider starts again and collects what it is owed ... ')
  for (const peer of killed) await net.startProvider(net.provider(peer).name)
  const owed = owedBy(told)
  const settled = await untilSettled(net, owed)
  say(settled === null ? 'paid.\n\n' : `${settled}\n\n`)

  say(table(net, told))
  const books = await balance(net, owed)
  say(`\n${books.text}\n`)
  const moved = first.result.legs.filter((leg) => leg.to > leg.from).length > 1
  const problems = [
    ...(killed.length === 1 && moved ? [] : ['the provider was not killed in mid-sentence']),
    ...(second.text.includes('Ada') ? [] : ['the name was forgotten']),
    ...(same ? [] : ['the text differs from the undisturbed session']),
    ...(settled === null ? [] : [settled]),
    ...(books.exact ? [] : ['the ledger does not add up'])
  ]
  if (problems.length > 0) throw new SeamError('INTERNAL', `the story went wrong: ${problems.join('; ')}`)
  say(
    '\nA machine died in mid-sentence. The conversation did not notice, and every token was paid to the machine that made it.\n'
  )
}

const user = (content: string): { role: string; content: string } => ({ role: 'user', content })

/** Writes what streams by in lines of a readable width. */
class Page {
  readonly #say: Say
  #column = INDENT
  #word = ''

  constructor(say: Say) {
    this.#say = say
  }

  write(text: string): void {
    for (const character of text) {
      this.#word += character
      if (character === ' ') this.#flush()
    }
  }

  /** Something else is said in between; the text goes on below it. */
  interrupt(text: string): void {
    this.#flush()
    this.#say(`\n\n${text}\n\n${' '.repeat(INDENT)}`)
    this.#column = INDENT
  }

  end(): void {
    this.#flush()
  }

  #flush(): void {
    if (this.#column + this.#word.length > COLUMNS) {
      this.#say(`\n${' '.repeat(INDENT)}`)
      this.#column = INDENT
    }
    const word = this.#column === INDENT ? this.#word.trimStart() : this.#word
    this.#say(word)
    this.#column += word.length
    this.#word = ''
  }
}

const listen = async (
  gateway: string,
  body: object,
  page?: Page,
  onToken?: (provider: string, index: number) => Promise<void>
): Promise<Told> => {
  let text = ''
  let result: SeamObject | undefined
  for await (const chunk of streamChat(gateway, body)) {
    text += chunk.text
    page?.write(chunk.text)
    if (chunk.provider !== undefined) await onToken?.(chunk.provider, chunk.index ?? 0)
    result ??= chunk.result
  }
  page?.end()
  if (result === undefined) throw new SeamError('NET_CLOSED', 'the stream ended without its summary')
  return { text, result }
}

const sellersOf = (count: number): string =>
  count === 1 ? 'One provider sells' : `${['Two', 'Three', 'Four'][count - 2] ?? count} providers sell`
const same2 = (a: Told, b: Told): boolean => a.text === b.text && a.result.tokenIds.join() === b.result.tokenIds.join()

const owedBy = (told: Told[]): Map<Address, bigint> => {
  const owed = new Map<Address, bigint>()
  for (const leg of told.flatMap((one) => one.result.legs)) {
    const account = leg.account as Address
    owed.set(account, (owed.get(account) ?? 0n) + BigInt(leg.amount))
  }
  return owed
}

/** Null once the chain has settled exactly what the legs add up to; else what is missing when time is up. */
const untilSettled = async (net: Devnet, owed: ReadonlyMap<Address, bigint>): Promise<string | null> => {
  const ledger = new LedgerClient(new Rpc(net.rpc), net.deployment)
  const deadline = performance.now() + SETTLED_MS
  for (;;) {
    const missing: string[] = []
    for (const [account, wei] of owed) {
      const { lifetime } = await ledger.earned(account)
      if (lifetime !== wei) missing.push(`${nameOf(net, account)} has ${lifetime} of ${wei} wei`)
    }
    if (missing.length === 0) return null
    if (performance.now() > deadline) return `not settled after ${SETTLED_MS / 1000} s: ${missing.join(', ')}`
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

const nameOf = (net: Devnet, account: string): string => net.providers.find((entry) => entry.account === account)?.name ?? account

const table = (net: Devnet, told: Told[]): string => {
  const turns = ['story', 'name', 'story again', 'name again']
  const rows = told.flatMap(({ result }, i) =>
    result.legs
      .filter((leg) => leg.to > leg.from)
      .map((leg) => [
        turns[i] ?? '',
        String(leg.leg),
        nameOf(net, leg.account),
        `${leg.to - leg.from}`,
        leg.kept + leg.recomputed === 0 ? '' : `${leg.kept} kept, ${leg.recomputed} recomputed`,
        leg.gapMs === 0 ? '' : `${leg.gapMs} ms`,
        leg.end,
        formatOpen(BigInt(leg.amount))
      ])
  )
  const all = [['turn', 'leg', 'made by', 'tokens', 'state', 'gap', 'ended', 'paid (OPEN)'], ...rows]
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: string[]): string => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()
  return `${all.map(line).join('\n')}\n`
}

/**
 * What the contract holds must be what it owes. Read between two looks at the block number, so that a claim that lands meanwhile is
 * not taken for a hole.
 */
const balance = async (net: Devnet, owed: ReadonlyMap<Address, bigint>): Promise<{ text: string; exact: boolean }> => {
  const rpc = new Rpc(net.rpc)
  const ledger = new LedgerClient(rpc, net.deployment)
  for (;;) {
    const block = await rpc.blockNumber()
    const held = await currencyBalance(rpc, net.deployment, net.deployment.ledger)
    const free = (await ledger.account(net.accounts.client.account)).balance
    let unclaimed = 0n
    for (const { account } of net.providers) unclaimed += (await ledger.earned(account)).amount
    if ((await rpc.blockNumber()) !== block) continue
    const paid = [...owed.values()].reduce((sum, wei) => sum + wei, 0n)
    const books = `The ledger holds ${formatOpen(held)} OPEN and owes ${formatOpen(free + unclaimed)}.`
    return { exact: held === free + unclaimed, text: `Legs add up to ${formatOpen(paid)} OPEN, and that was settled. ${books}` }
  }
}

/** Several answers to one request: each is a session of its own, paid on its own; here they become one body, or one stream. */
import { type Answer, type Body, chunks, collect } from './answer.ts'
import { type TurnView, type UsageView, usageView } from './view.ts'

/** Under `openseam` where there are several: their sessions, and what they cost together. Each choice has its own account. */
export interface ChoicesView {
  sessions: string[]
  amount: string
}

/** Every prompt was read and paid, so every prompt counts. */
const sum = (usages: UsageView[]): UsageView => {
  const of = (field: keyof UsageView): number => usages.reduce((total, usage) => total + usage[field], 0)
  return { prompt_tokens: of('prompt_tokens'), completion_tokens: of('completion_tokens'), total_tokens: of('total_tokens') }
}

const choicesView = (turns: Pick<TurnView, 'session' | 'amount'>[]): ChoicesView => ({
  sessions: turns.map(({ session }) => session),
  amount: turns.reduce((total, { amount }) => total + BigInt(amount), 0n).toString()
})

const numbered = (answers: Answer[]): Answer[] =>
  answers.map((answer, index) => ({
    ...answer,
    head: { ...answer.head, index },
    delivery: { ...answer.delivery, includeUsage: false }
  }))

export const collectChoices = async (answers: Answer[]): Promise<object> => {
  const [only] = answers
  if (answers.length === 1 && only !== undefined) return collect(only)
  const bodies = await Promise.all(numbered(answers).map(collect))
  const choices = bodies.flatMap(({ choices, openseam }) => choices.map((choice) => ({ ...choice, openseam })))
  const usage = sum(bodies.map((body: Body) => body.usage))
  return { ...bodies[0], choices, usage, openseam: choicesView(bodies.map((body) => body.openseam)) }
}

/** As they come, none ahead of the reader by more than a batch; the last chunk of each choice has its account. */
export async function* choiceChunks(answers: Answer[]): AsyncGenerator<object[], void> {
  const [only] = answers
  if (only === undefined) return
  if (answers.length === 1) return yield* chunks(only)
  const { head, shape, delivery } = only
  const plain = (chunk: object): object => (delivery.includeUsage ? { ...chunk, usage: null } : chunk)
  for await (const batch of merged(numbered(answers).map(chunks))) yield batch.map(plain)
  if (!delivery.includeUsage) return
  const turns = await Promise.all(answers.map(({ source }) => source.summary()))
  const openseam = choicesView(turns.map(({ session, amount }) => ({ session, amount: amount.toString() })))
  yield [{ ...shape.usage(head, sum(turns.map(usageView))), openseam }]
}

async function* merged<Value>(streams: AsyncGenerator<Value, void>[]): AsyncGenerator<Value, void> {
  const next = (index: number) => {
    const coming = streams[index]!.next().then((result) => ({ index, result }))
    coming.catch(() => undefined) // it may fail while a slow reader holds this up: the next race tells, not the process
    return coming
  }
  const waiting = new Map(streams.map((_, index) => [index, next(index)]))
  while (waiting.size > 0) {
    const { index, result } = await Promise.race(waiting.values())
    waiting.delete(index)
    if (result.done === true) continue
    waiting.set(index, next(index))
    yield result.value
  }
}

/**
 * The thread of one grammar. It has the library to itself: an abort, a schema that takes for ever or one that eats all memory ends
 * this thread and the answer it belongs to, and nothing else.
 */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'
import { type CallSource, callSchema, GrammarKind } from 'openseam/protocol/grammar'
import { GRAMMAR_MEMORY_BYTES_MAX } from 'openseam/protocol/limits'
import { CALL_BEGIN, CALL_END } from 'openseam/text/tool-calls'
import { MaskWriter } from './token-mask.ts'
import type { GrammarVocabulary } from './vocabulary.ts'
import { type CompiledGrammar, type GrammarMatcher, loadXgrammar, type Xgrammar } from './xgrammar.ts'

export interface ThreadInit {
  vocabulary: GrammarVocabulary
  eosIds: number[]
}

export interface OpenMessage {
  grammar: { kind: number; source: string }
  stopIds: number[]
  /** Ids of the answer so far. */
  log: number[]
  shared: SharedArrayBuffer
  wake: SharedArrayBuffer
}

export type FromThread = { kind: 'ready' } | { kind: 'opened' } | { kind: 'refused'; reason: string }

const port = parentPort
assert(port)
const say = (message: FromThread): void => port.postMessage(message)

const PAGE = 65_536
const { grow } = WebAssembly.Memory.prototype
/** The library may ask for 2 GiB; here it hears that there is no more, and gives up. */
WebAssembly.Memory.prototype.grow = function (pages: number): number {
  if (this.buffer.byteLength + pages * PAGE > GRAMMAR_MEMORY_BYTES_MAX) throw new RangeError('the memory of a grammar is used up')
  return grow.call(this, pages)
}

/** What the library complains of before it aborts. It quotes the schema, so it is matched and never passed on. */
let complaint = ''
console.error = (text: unknown): void => {
  if (!String(text).startsWith('Aborted')) complaint = String(text)
}

const reasons: [RegExp, string][] = [
  [/unsupported type/i, 'it names a type that JSON Schema does not have'],
  [/cannot find field/i, 'one of its references leads nowhere'],
  [/regex/i, 'one of its patterns cannot be read'],
  [/memory/i, 'it needs too much memory'],
  [/not supported|unsupported/i, 'it uses a keyword that is not supported']
]
const reasonOf = (error: unknown): string => {
  const text = `${complaint} ${error instanceof Error ? error.message : String(error)}`
  return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'it cannot be turned into a grammar'
}

const { vocabulary, eosIds } = workerData as ThreadInit
const library = loadXgrammar()
const { tokens, type } = vocabulary
const tokenizer = await library.TokenizerInfo.createTokenizerInfo(tokens, type, false, tokens.length, eosIds)
const compiler = await library.GrammarCompiler.createGrammarCompiler(tokenizer, false)
port.once('message', (message: OpenMessage) => void serve(library, message))
say({ kind: 'ready' })

async function compile({ kind, source }: OpenMessage['grammar']): Promise<CompiledGrammar[]> {
  if (kind === GrammarKind.call) return [await compileCall(source)]
  const strict = kind === GrammarKind.strictSchema
  const schema = await compiler.compileJSONSchema(source, false, -1, [',', ':'], strict)
  // A pattern or a bounded string lets in characters that JSON writes as escapes: what is not JSON is never allowed.
  return [schema, await compiler.compileBuiltinJSONGrammar()]
}

/** A call is one object in the tags that mark it. */
async function compileCall(source: string): Promise<CompiledGrammar> {
  const schema = JSON.stringify(callSchema(JSON.parse(source) as CallSource))
  const object = await library.Testings._jsonSchemaToEBNF(schema, false, -1, [',', ':'], true)
  const call = `call ::= "${CALL_BEGIN}\\n" root "\\n${CALL_END}"\n`
  return compiler.compileGrammar(await library.Grammar.fromEBNF(object + call, 'call'))
}

async function serve({ GrammarMatcher: Matcher }: Xgrammar, { grammar, stopIds, log, shared, wake }: OpenMessage): Promise<void> {
  const writer = new MaskWriter(shared, wake)
  let matchers: GrammarMatcher[]
  try {
    matchers = await Promise.all((await compile(grammar)).map((compiled) => Matcher.createGrammarMatcher(compiled, stopIds)))
    if (!log.every((id) => matchers.every((matcher) => matcher.acceptToken(id)))) {
      return say({ kind: 'refused', reason: 'what was already said does not follow it' })
    }
    writer.write(await maskOf(matchers))
  } catch (error) {
    return say({ kind: 'refused', reason: reasonOf(error) })
  }
  say({ kind: 'opened' })
  try {
    for (;;) {
      const id = writer.next()
      if (stopIds.includes(id)) return
      if (!matchers.every((matcher) => matcher.acceptToken(id))) return writer.fail()
      writer.write(await maskOf(matchers))
    }
  } catch {
    writer.fail()
  }
}

/** What every matcher allows. @throws when that is nothing */
async function maskOf(matchers: GrammarMatcher[]): Promise<Int32Array> {
  const [first, ...rest] = await Promise.all(matchers.map((matcher) => matcher.getNextTokenBitmask()))
  assert(first)
  for (const mask of rest) for (let i = 0; i < first.length; i++) first[i]! &= mask[i]!
  assert(
    first.some((word) => word !== 0),
    'nothing may follow'
  )
  return first
}

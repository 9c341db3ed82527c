/**
 * A grammar that an answer must follow (docs/spec/grammar.md). It travels inside `Sampling`, so it is part of `requestHash`, and whoever
 * takes over has it. Both sides check its form here; whether it can be compiled, only a provider knows.
 */
import { SeamError } from './errors.ts'
import { GRAMMAR_BYTES_MAX, GRAMMAR_DEPTH_MAX } from './limits.ts'
import type { Grammar } from './pb/messages.js'

/** A kind fixes how a source becomes a grammar. Other rules are a new kind: masks must be the same wherever the answer goes on. */
export const GrammarKind = {
  /** JSON Schema; an object has no properties but those that its schema names. */
  strictSchema: 1,
  /** JSON Schema; an object may have more properties, as the standard says. */
  openSchema: 2,
  /** `{"tools": [{"name", "parameters"}]}`: one call of one of them, as `sdk/text/tool-calls.ts` reads it. */
  call: 3
} as const

export interface CallSource {
  tools: { name: string; parameters: object }[]
}

/** What a call may be, as one schema. References into a tool's parameters keep their target. */
export const callSchema = ({ tools }: CallSource): object => {
  const moved = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((entry: unknown) => moved(entry, path))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      key === '$ref' && typeof entry === 'string' ? entry.replace(/^#/, path) : moved(entry, path)
    ])
    return Object.fromEntries(entries)
  }
  const anyOf = tools.map(({ name }, i) => ({
    type: 'object',
    properties: { name: { const: name }, arguments: { $ref: `#/$defs/tool${i}` } },
    required: ['name', 'arguments']
  }))
  const $defs = Object.fromEntries(tools.map(({ parameters }, i) => [`tool${i}`, moved(parameters, `#/$defs/tool${i}`)]))
  return { anyOf, $defs }
}

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

const refuser = (param: string) => (message: string) => {
  throw new SeamError('GRAMMAR_INVALID', message, { detail: { param } })
}
type Refuse = (message: string) => never

/** @throws SeamError GRAMMAR_INVALID */
export const checkGrammar = ({ kind, source }: Grammar): void => {
  const refuse: Refuse = refuser(kind === GrammarKind.call ? 'tools' : 'response_format')
  if (!Object.values<number>(GrammarKind).includes(kind))
    refuse(`grammars of kind ${kind} are not known here: ask another provider, or for a JSON schema`)
  const bytes = new TextEncoder().encode(source).length
  if (bytes > GRAMMAR_BYTES_MAX) refuse(`the schema has ${bytes} bytes, at most ${GRAMMAR_BYTES_MAX} are taken: shorten it`)
  let schema: unknown
  try {
    schema = JSON.parse(source)
  } catch {
    return refuse('the schema is not JSON')
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return refuse('the schema is not an object')
  checkDepth(schema, refuse)
  if (kind === GrammarKind.call) checkTools((schema as { tools?: unknown }).tools, refuse)
}

const checkTools = (tools: unknown, refuse: Refuse): void => {
  const isTool = (tool: { name?: unknown; parameters?: unknown } | null): boolean =>
    typeof tool?.name === 'string' && TOOL_NAME.test(tool.name) && typeof tool.parameters === 'object' && tool.parameters !== null
  if (!Array.isArray(tools) || tools.length === 0 || !tools.every(isTool))
    refuse('a call needs tools, each with a name of letters, digits, _ and -, and parameters')
}

/** Row by row, so that no nesting can exhaust the stack; a reference leads nowhere but into the schema itself. */
const checkDepth = (schema: object, refuse: Refuse): void => {
  let row: object[] = [schema]
  for (let depth = 1; row.length > 0; depth++) {
    if (depth > GRAMMAR_DEPTH_MAX) refuse(`the schema is nested deeper than ${GRAMMAR_DEPTH_MAX} levels: flatten it`)
    const next: object[] = []
    for (const node of row) {
      const ref = (node as { $ref?: unknown }).$ref
      if (typeof ref === 'string' && !ref.startsWith('#')) refuse('a $ref of the schema leads outside of it: put it under $defs')
      for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) next.push(value as object)
    }
    row = next
  }
}

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
  openSchema: 2
} as const

const refuse = (message: string): never => {
  throw new SeamError('GRAMMAR_INVALID', message, { detail: { param: 'response_format' } })
}

/** @throws SeamError GRAMMAR_INVALID */
export const checkGrammar = ({ kind, source }: Grammar): void => {
  if (kind !== GrammarKind.strictSchema && kind !== GrammarKind.openSchema)
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
  checkDepth(schema)
}

/** Row by row, so that no nesting can exhaust the stack; a reference leads nowhere but into the schema itself. */
const checkDepth = (schema: object): void => {
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

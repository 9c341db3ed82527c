import type { KvShape } from './arena.ts'
import { EngineError } from './errors.ts'
import { ElementType, type PortInfo } from './ort/session.ts'

/** What the engine needs to know of a graph, read from the graph itself. */
export interface GraphShape extends KvShape {
  vocabSize: number
  dtype: 'float32' | 'float16'
  elementType: typeof ElementType.float32 | typeof ElementType.float16
  positionIds: boolean
  /** Dimensions of the input num_logits_to_keep; absent when the graph has none and computes a row for every position. */
  logitsToKeep?: readonly number[]
}

export const pastName = (layer: number, kind: 'key' | 'value'): string => `past_key_values.${layer}.${kind}`
export const presentName = (layer: number, kind: 'key' | 'value'): string => `present.${layer}.${kind}`

/**
 * Checks that a graph has the ports this engine feeds, and reads its shape.
 * @throws EngineError MODEL_UNSUPPORTED naming the first thing that is missing
 */
export function graphShape(inputs: readonly PortInfo[], outputs: readonly PortInfo[]): GraphShape {
  const input = new Map(inputs.map((port) => [port.name, port]))
  const output = new Map(outputs.map((port) => [port.name, port]))
  for (const name of ['input_ids', 'attention_mask']) {
    need(input.get(name)?.elementType === ElementType.int64, `input ${name} of type int64`)
  }
  const logits = output.get('logits')
  need(logits?.elementType === ElementType.float32, 'output logits of type float32')
  const vocabSize = logits.dims[2] ?? -1
  need(vocabSize > 0, 'a fixed vocabulary in the shape of logits')

  const layers = inputs.filter((port) => port.name.startsWith('past_key_values.') && port.name.endsWith('.key')).length
  need(layers > 0, `input ${pastName(0, 'key')}`)
  const first = input.get(pastName(0, 'key'))
  const [, kvHeads = -1, , headDim = -1] = first?.dims ?? []
  need(kvHeads > 0 && headDim > 0, 'fixed heads and head size in the shape of past_key_values')
  const elementType = first?.elementType
  need(elementType === ElementType.float32 || elementType === ElementType.float16, 'a cache of type float32 or float16')
  for (let layer = 0; layer < layers; layer++) {
    for (const kind of ['key', 'value'] as const) {
      for (const port of [input.get(pastName(layer, kind)), output.get(presentName(layer, kind))]) {
        const fits = port?.elementType === elementType && port.dims[1] === kvHeads && port.dims[3] === headDim
        need(fits, `the same cache in every layer (layer ${layer}, ${kind})`)
      }
    }
  }
  const known = new Set(['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'])
  const other = inputs.find((port) => !known.has(port.name) && !port.name.startsWith('past_key_values.'))
  need(!other, `a meaning for input ${other?.name}`)
  const otherOutput = outputs.find((port) => port.name !== 'logits' && !port.name.startsWith('present.'))
  need(!otherOutput, `a use for output ${otherOutput?.name}`)

  const half = elementType === ElementType.float16
  return {
    layers,
    kvHeads,
    headDim,
    vocabSize,
    elementType,
    elementBytes: half ? 2 : 4,
    dtype: half ? 'float16' : 'float32',
    positionIds: input.has('position_ids'),
    logitsToKeep: input.get('num_logits_to_keep')?.dims
  }
}

function need(condition: boolean, missing: string): asserts condition {
  if (!condition) throw new EngineError({ code: 'MODEL_UNSUPPORTED', missing })
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { EngineError } from './errors.ts'

/** A model directory in the transformers.js layout, checked for completeness. */
export interface ModelDir {
  dir: string
  name: string
  /** Path of the graph, absolute. */
  graph: string
  /** Every file that decides what the model says, relative to `dir`, in order of path. */
  files: string[]
  config: Record<string, unknown>
  generationConfig: Record<string, unknown>
  contextMax: number
  vocabSize: number
  eosIds: number[]
}

export const required = ['config.json', 'tokenizer.json', 'tokenizer_config.json']
export const optional = ['generation_config.json', 'special_tokens_map.json', 'chat_template.jinja']

/** @throws EngineError MODEL_FILE_MISSING naming the file, MODEL_FILE_INVALID */
export function readModelDir(path: string): ModelDir {
  const dir = resolve(path)
  for (const file of required) need(dir, file)
  const graph = graphFile(dir)
  const config = readJson(dir, 'config.json')
  const present = optional.filter((file) => existsSync(join(dir, file)))
  const generationConfig = present.includes('generation_config.json') ? readJson(dir, 'generation_config.json') : {}
  return {
    dir,
    name: basename(dir),
    graph: join(dir, graph),
    files: [...required, ...present, graph, ...externalData(dir, graph, config)].sort(),
    config,
    generationConfig,
    contextMax: positive(config, 'max_position_embeddings'),
    vocabSize: positive(config, 'vocab_size'),
    eosIds: eosIds(generationConfig['eos_token_id'] ?? config['eos_token_id'])
  }
}

/** onnx/model.onnx, or the only variant there is. */
function graphFile(dir: string): string {
  const folder = join(dir, 'onnx')
  const graphs = existsSync(folder) ? readdirSync(folder).filter((name) => /^model.*\.onnx$/.test(name)) : []
  const name = graphs.length === 1 ? graphs[0]! : 'model.onnx'
  return need(dir, `onnx/${name}`)
}

/** Weights kept outside the graph: model.onnx_data, model.onnx_data_1, ... config.json may say how many there must be. */
function externalData(dir: string, graph: string, config: Record<string, unknown>): string[] {
  const declared = (config['transformers.js_config'] as { use_external_data_format?: unknown } | undefined)
    ?.use_external_data_format
  const count = typeof declared === 'object' && declared ? (declared as Record<string, unknown>)[basename(graph)] : declared
  const files: string[] = []
  for (let i = 0; ; i++) {
    const file = `${graph}_data${i === 0 ? '' : `_${i}`}`
    if (i < Number(count ?? 0)) files.push(need(dir, file))
    else if (existsSync(join(dir, file))) files.push(file)
    else return files
  }
}

function eosIds(value: unknown): number[] {
  const ids = Array.isArray(value) ? value : [value]
  return ids.filter((id): id is number => Number.isInteger(id))
}

function need(dir: string, file: string): string {
  const path = join(dir, file)
  if (!existsSync(path) || !statSync(path).isFile()) throw new EngineError({ code: 'MODEL_FILE_MISSING', file, dir })
  return file
}

function readJson(dir: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, file), 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    throw new EngineError({ code: 'MODEL_FILE_INVALID', file, reason: String(cause) }, { cause })
  }
  throw new EngineError({ code: 'MODEL_FILE_INVALID', file, reason: 'it is not a JSON object' })
}

function positive(config: Record<string, unknown>, field: string): number {
  const value = config[field]
  if (Number.isInteger(value) && (value as number) > 0) return value as number
  throw new EngineError({ code: 'MODEL_FILE_INVALID', file: 'config.json', reason: `${field} is not a positive number` })
}

/** The two models of every bench, and prompts for them: the small one talks, the large one only costs what a real one costs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadText, type TextModel } from 'openseam/text/index'
import { readModelDir } from '../../node/engine/model-dir.ts'
import { writeBenchModel } from '../bench-model.ts'
import { chance } from './stats.ts'

const root = join(import.meta.dirname, '../..')
const dirs = { 'seam-chat': join(root, 'models/seam-chat'), 'shape-135m': join(root, '.bench/shape-135m') }

export type ModelName = keyof typeof dirs
export const modelNames = Object.keys(dirs) as ModelName[]

export interface BenchModel {
  name: ModelName
  dir: string
  contextMax: number
  /** A prompt of exactly `length` ids; another seed gives another one. */
  prompt(length: number, seed: number): number[]
}

export const benchModel = async (name: ModelName): Promise<BenchModel> => {
  const dir = dirs[name]
  if (name === 'shape-135m') await writeBenchModel(dir)
  const { contextMax, vocabSize } = readModelDir(dir)
  const prompt = name === 'seam-chat' ? chatPrompts(dir) : (length: number, seed: number) => randomIds(vocabSize, length, seed)
  return { name, dir, contextMax, prompt }
}

const randomIds = (vocabSize: number, length: number, seed: number): number[] => {
  const draw = chance(seed)
  return Array.from({ length }, () => Math.floor(draw() * vocabSize))
}

const NAMES = ['Ada', 'Zorimela', 'Tom', 'Mira', 'Olaf', 'Ines', 'Bela', 'Kai']
const THINGS = ['a blue lamp', 'a golden kite', 'an old clock', 'a small boat', 'a stone bridge', 'a red fox']
const FILLER = [
  'It was raining all night.',
  'The wind came from the sea.',
  'I like long walks.',
  'We had bread and soup.',
  'The harbor was quiet.'
]

/** The text layer of a model's directory. */
export const textOf = (dir: string): TextModel => {
  const read = (file: string): object | undefined =>
    existsSync(join(dir, file)) ? (JSON.parse(readFileSync(join(dir, file), 'utf8')) as object) : undefined
  return loadText({
    tokenizer: read('tokenizer.json') ?? {},
    tokenizerConfig: read('tokenizer_config.json') ?? {},
    generationConfig: read('generation_config.json'),
    config: read('config.json')
  })
}

/** A chat that fills the length: as many sentences of the user as fit, and the last one cut. */
const chatPrompts = (dir: string): ((length: number, seed: number) => number[]) => {
  const text = textOf(dir)
  return (length, seed) => {
    const draw = chance(seed)
    const one = (from: string[]): string => from[Math.floor(draw() * from.length)] as string
    const idsOf = (content: string): number[] => text.chatIds([{ role: 'user', content }], { addGenerationPrompt: true })
    let content = `My name is ${one(NAMES)}. Tell me a story about ${one(THINGS)}.`
    while (idsOf(content).length < length) content = `${one(FILLER)} ${content}`
    while (idsOf(content).length > length) content = content.slice(1)
    const ids = idsOf(content)
    if (ids.length !== length) throw new Error(`no prompt of ${length} ids can be made for ${dir}: got ${ids.length}`)
    return ids
  }
}

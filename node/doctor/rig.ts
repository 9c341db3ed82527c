/** Whether this machine can serve: the model's files, the engine, room for other providers' sessions, the daemon itself. */
import { statfs } from 'node:fs/promises'
import type { Bytes32 } from 'openseam/protocol/eth'
import { measureModel } from '../catalog/measure.ts'
import { reason } from '../lib/env.ts'
import { loadServedModel, type Royalties } from '../provider/served-model.ts'
import { bad, type Finding, good, warn } from './finding.ts'

const SLOW_TOKENS_PER_SECOND = 5 // slower than people read
const SPACE_WANTED = 2 ** 30
const METRICS_MS = 3_000

export interface Rig {
  findings: Finding[]
  /** Null where the files are no model. */
  modelId: Bytes32 | null
}

export const modelFindings = async (modelDir: string, royalties: Royalties, threads: number): Promise<Rig> => {
  let modelId: Bytes32
  try {
    modelId = (await loadServedModel(modelDir, royalties)).modelId
  } catch (error) {
    return {
      findings: [bad('model', reason(error), 'Give a directory in the layout of transformers.js: --model.')],
      modelId: null
    }
  }
  const model = good('model', modelId)
  try {
    const { info, read, written } = await measureModel(modelDir, threads)
    const says = `${info.name}, context ${info.contextMax}: ${read} tokens/s read, ${written} written, with ${threads} thread${threads === 1 ? '' : 's'}`
    const engine =
      written < SLOW_TOKENS_PER_SECOND
        ? warn('engine', says, 'Clients choose the faster of two at one price: try --threads, or a smaller model.')
        : good('engine', says)
    return { findings: [model, engine], modelId }
  } catch (error) {
    return { findings: [model, bad('engine', reason(error), 'The model cannot be run here.')], modelId }
  }
}

export const spaceFinding = async (home: string): Promise<Finding> => {
  try {
    const { bavail, bsize } = await statfs(home)
    const free = bavail * bsize
    const says = `${(free / 2 ** 30).toFixed(1)} GiB free under ${home}`
    return free < SPACE_WANTED
      ? warn('disk', says, 'Vouchers are money, and need it; sessions of others are kept there too.')
      : good('disk', says)
  } catch {
    return bad('disk', `${home} is not there`, 'Give the --home of the daemon.')
  }
}

const metricOf = (text: string, name: string): number | undefined => {
  const found = new RegExp(`^openseam_${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** What the daemon says of itself. */
export const daemonFinding = async (metrics: string): Promise<Finding> => {
  try {
    const response = await fetch(metrics, { signal: AbortSignal.timeout(METRICS_MS) })
    const text = await response.text()
    const [legs, slots, peers, unsettled] = ['legs_active', 'slots_total', 'peers', 'unsettled_open'].map((name) =>
      metricOf(text, name)
    )
    if (legs === undefined || slots === undefined)
      return bad('daemon', `${metrics} is not of openseam provide`, 'Check --metrics.')
    const says = `serves ${legs} of ${slots}, knows ${peers ?? 0} peers, ${unsettled ?? 0} OPEN not settled yet`
    if (metricOf(text, 'draining') === 1)
      return warn('daemon', `${says}; it is draining`, 'It was told to stop, and takes no new sessions.')
    return peers === 0 ? bad('daemon', says, 'Alone: give it --bootstrap peers, and let it reach them.') : good('daemon', says)
  } catch {
    return bad('daemon', `nothing answers at ${metrics}`, 'Start openseam provide, or give its --metrics address.')
  }
}

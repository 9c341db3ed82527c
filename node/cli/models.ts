/** `openseam models`: what is on offer, a model brought from a hub, what a directory is, and how fast it runs here. */
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Rpc } from 'openseam/chain/index'
import { formatOpen } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { Catalog } from 'openseam/session/catalog'
import { z } from 'zod'
import { lookAround } from '../catalog/look.ts'
import { measureModel } from '../catalog/measure.ts'
import { pullModel } from '../catalog/pull.ts'
import { ExitCode, flagsOf } from '../lib/env.ts'
import { defaultHome } from '../lib/home.ts'
import { startProgress, withProgress } from '../lib/progress.ts'
import { table } from '../lib/table.ts'
import { loadServedModel } from '../provider/served-model.ts'
import { integer, list, readDeployment, royalties } from './options.ts'

const LOOK_MS = 15_000

const market = z.object({ rpc: z.url(), deployment: z.string(), bootstrap: list, json: z.boolean() })
const files = z.object({ royalties, is: z.string().optional(), json: z.boolean() })
const source = z.object({
  home: z.string(),
  into: z.string().optional(),
  revision: z.string(),
  graph: z.string().regex(/^model[\w.-]*$/, 'the name of a graph under onnx/, like model or model_fp16'),
  hub: z.url().optional(),
  json: z.boolean()
})
const speed = z.object({ threads: integer(1, 256), json: z.boolean() })

export const modelsCommand = (program: Command): void => {
  const models = program
    .command('models')
    .description('what is on offer, a model from a hub, what a directory is, how fast it runs here')
  const below = (name: string, text: string): Command =>
    models.command(name).description(text).option('--json', 'one JSON object on stdout', false)
  below('list', 'models that providers offer now, by what they are and cost')
    .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
    .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
    .requiredOption('--bootstrap <multiaddrs>', 'peers to ask, comma-separated')
    .action(async (_options, command: Command) => offered(flagsOf(command, market)))
  below('pull', 'brings a model from Hugging Face, or another hub, into a directory that provide can serve')
    .argument('<repo>', 'owner/name, in the layout of transformers.js')
    .option('--home <dir>', 'where models are kept', defaultHome())
    .option('--into <dir>', 'default <home>/models/<name>')
    .option('--revision <revision>', 'branch, tag or commit', 'main')
    .option('--graph <name>', 'which graph under onnx/', 'model')
    .option('--hub <url>', 'default https://huggingface.co; HF_TOKEN is what it asks for')
    .action(async (repo: string, _options, command: Command) => pull(repo, flagsOf(command, source)))
  below('verify', 'hashes a directory: the model id under which it is served; exit code 1 where that is another')
    .argument('<dir>', 'in the layout of transformers.js')
    .option('--royalties <shares>', 'who shares in what is paid for it, as provide has them', '')
    .option('--is <model id>', 'what it has to be')
    .action(async (dir: string, _options, command: Command) => verify(dir, flagsOf(command, files)))
  below('bench', 'runs one small answer')
    .argument('<dir>')
    .option('--threads <n>', 'threads of one run', '1')
    .action(async (dir: string, _options, command: Command) => bench(dir, flagsOf(command, speed)))
}

const say = (json: boolean, value: object, rows: string[][]): void =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : table(rows))

const offered = async (flags: z.output<typeof market>): Promise<void> => {
  const { rpc, bootstrap, json } = flags
  const deployment = readDeployment(flags.deployment)
  const look = await withProgress('asking', () =>
    lookAround({ rpc: new Rpc(rpc), deployment, bootstrap, signal: AbortSignal.timeout(LOOK_MS) })
  )
  try {
    const unasked = (): Promise<never> => Promise.reject(new SeamError('INTERNAL', 'no files are needed to list models'))
    const found = new Catalog(() => look.offers, unasked).list()
    const million = (wei: bigint): string => formatOpen(wei * 1_000_000n)
    const views = found.map(({ price, ...model }) => {
      return { ...model, price: { prompt: price.prompt.toString(), completion: price.completion.toString() } }
    })
    const rows = found.map(({ id, modelId, contextMax, providers, price, royalties: shares }) => [
      id,
      modelId,
      String(contextMax),
      String(providers),
      million(price.prompt),
      million(price.completion),
      `${shares.reduce((sum, { bps }) => sum + bps, 0) / 100} %`
    ])
    const head = ['model', 'id', 'context', 'peers', 'OPEN/1M read', 'written', 'royalties']
    say(json, { models: views }, [head, ...rows])
  } finally {
    await look.close()
  }
}

const pull = async (repo: string, flags: z.output<typeof source>): Promise<void> => {
  if (!/^\w[\w.-]*\/\w[\w.-]*$/.test(repo)) throw new SeamError('CONFIG', `${repo} is no owner/name`)
  const into = resolve(flags.into ?? join(flags.home, 'models', repo.split('/')[1] as string))
  const stopping = new AbortController()
  const stop = (): void =>
    stopping.abort(new SeamError('NET_CLOSED', 'stopped; what was brought stays, and the next run goes on from there'))
  process.once('SIGINT', stop)
  const progress = startProgress(`asking for ${repo}`)
  try {
    const { commit, bytes } = await pullModel({
      repo,
      into,
      revision: flags.revision,
      graph: flags.graph,
      hubUrl: flags.hub,
      token: process.env['HF_TOKEN'],
      signal: stopping.signal,
      onProgress: (done, total) => progress.update(`${repo}: ${mebi(done)} of ${mebi(total)} MiB`)
    })
    progress.clear()
    const { modelId } = await loadServedModel(into)
    say(flags.json, { dir: into, commit, bytes, modelId }, [
      ['directory', into],
      ['commit', commit],
      ['model id', modelId]
    ])
  } catch (error) {
    progress.clear()
    throw error
  } finally {
    process.off('SIGINT', stop)
  }
}

const mebi = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

const verify = async (dir: string, flags: z.output<typeof files>): Promise<void> => {
  const { modelId, manifestHash, manifest } = await withProgress('hashing', () => loadServedModel(dir, flags.royalties))
  const { files: listed } = JSON.parse(new TextDecoder().decode(manifest)) as {
    files: { path: string; size: number; sha256: string }[]
  }
  const isIt = flags.is === undefined || flags.is.toLowerCase() === modelId
  const rows = [
    ['model id', modelId],
    ['manifest', manifestHash],
    ...listed.map(({ path, size, sha256 }) => [path, `${sha256}, ${size} bytes`])
  ]
  say(flags.json, { modelId, manifestHash, files: listed, ...(flags.is !== undefined && { isIt }) }, rows)
  if (isIt) return
  process.stderr.write(`This is not ${flags.is}: a file is another, or the royalties are.\n`)
  throw new ExitCode(1)
}

const bench = async (dir: string, { threads, json }: z.output<typeof speed>): Promise<void> => {
  const { info, read, written } = await withProgress('loading and running', () => measureModel(dir, threads))
  say(json, { name: info.name, contextMax: info.contextMax, numerics: info.numerics, threads, read, written }, [
    ['model', `${info.name}, context ${info.contextMax}`],
    ['numerics', info.numerics],
    ['read', `${read} tokens/s`],
    ['written', `${written} tokens/s, one session, ${threads} thread${threads === 1 ? '' : 's'}`]
  ])
}

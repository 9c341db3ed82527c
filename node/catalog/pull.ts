/** Brings a model from a hub into a directory: the files that a provider needs, each checked against the hash that the hub names. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SeamError } from 'openseam/protocol/errors'
import { optional, readModelDir, required } from '../engine/model-dir.ts'
import { Hub, type HubFile, type HubOptions } from './hub.ts'

export interface PullOptions extends HubOptions {
  /** Must not be there yet; what was brought before a break is kept beside it, as `<into>.part`. */
  into: string
  /** Which graph under `onnx/`, without `.onnx`. */
  graph: string
  onProgress(doneBytes: number, totalBytes: number): void
}

export interface Pulled {
  commit: string
  bytes: number
}

/** Throws MODEL_UNKNOWN, MODEL_FILE_MISSING, MODEL_CORRUPT, STORE_DOWN for a disk that is too small, CONFIG, NET_*. */
export const pullModel = async (options: PullOptions): Promise<Pulled> => {
  const { into, onProgress } = options
  if (existsSync(into)) throw new SeamError('CONFIG', `${into} is there already`)
  const part = `${into}.part`
  const hub = await Hub.open(options)
  const files = wantedOf(await hub.files(), options.graph, options.repo)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  await mkdir(part, { recursive: true })
  await tidy(part, files)
  const there = await Promise.all(files.map(({ path }) => sizeOf(join(part, path))))
  const missing = total - there.reduce((sum, size) => sum + size, 0)
  const { bavail, bsize } = await statfs(part)
  if (missing > bavail * bsize)
    throw new SeamError('STORE_DOWN', `${missing} bytes are missing, and there is room for ${bavail * bsize}`)
  let before = 0
  for (const file of files) {
    await bring(hub, file, join(part, file.path), (done) => onProgress(before + done, total))
    before += file.size
  }
  readModelDir(part) // what is missing is named
  await rename(part, into)
  return { commit: hub.commit, bytes: total }
}

/** What an earlier run brought for another graph or commit would become part of this model, and nobody has checked it. */
const tidy = async (part: string, files: readonly HubFile[]): Promise<void> => {
  const wanted = new Map(files.map(({ path, size }) => [join(part, path), size]))
  for (const entry of await readdir(part, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory() || (await sizeOf(path)) <= (wanted.get(path) ?? -1)) continue
    await rm(path, { force: true })
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0
  )

const wantedOf = (files: readonly HubFile[], graph: string, repo: string): HubFile[] => {
  const main = `onnx/${graph}.onnx`
  const graphs = files.filter(({ path }) => /^onnx\/model[^/]*\.onnx$/.test(path)).map(({ path }) => path.slice(5, -5))
  for (const path of [...required, main]) {
    if (files.some((file) => file.path === path)) continue
    const others = path === main && graphs.length > 0 ? `; there are ${graphs.join(', ')}: give --graph` : ''
    throw new SeamError('MODEL_FILE_MISSING', `${repo} has no ${path}${others}`)
  }
  const names = new Set([...required, ...optional, main])
  return files.filter(({ path }) => names.has(path) || isDataOf(main, path))
}

/** Weights beside the graph: `model.onnx_data`, `model.onnx_data_1`, ... */
const isDataOf = (main: string, path: string): boolean =>
  path.startsWith(`${main}_data`) && /^(_\d{1,4})?$/.test(path.slice(main.length + 5))

const bring = async (hub: Hub, file: HubFile, path: string, onDone: (bytes: number) => void): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const hash = file.hash.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${file.size}\0`)
  const out = await open(path, 'a+', 0o644)
  let done = 0
  try {
    for await (const chunk of out.createReadStream({ start: 0, autoClose: false })) {
      hash.update(chunk as Uint8Array)
      done += (chunk as Uint8Array).length
    }
    onDone(done)
    if (done < file.size) {
      for await (const chunk of hub.read(file, done)) {
        done += chunk.length
        if (done > file.size) break
        hash.update(chunk)
        await out.writeFile(chunk)
        onDone(done)
      }
    }
    await out.sync()
  } finally {
    await out.close()
  }
  if (done < file.size)
    throw new SeamError(
      'NET_CLOSED',
      `${file.path} broke off after ${done} of ${file.size} bytes: run it again, it goes on from there`
    )
  if (done === file.size && hash.digest('hex') === file.hash.value.toLowerCase()) return
  await rm(path, { force: true })
  throw new SeamError('MODEL_CORRUPT', `${file.path} does not hash to what the hub names: run it again`)
}

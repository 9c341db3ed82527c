/**
 * The sealed blocks of one grant in one flat file (docs/decisions/2026-11-21-standby-files.md): written in order, read once, then deleted.
 * What was written lives in the page cache; in this process only the cell being written and the buffers of a running read.
 */
import { type FileHandle, open, rm } from 'node:fs/promises'

/** One read at takeover: large enough that the call does not show, small enough that two such buffers cost nothing. */
const READ_BYTES = 4 * 1024 ** 2

export interface Extent {
  offset: number
  length: number
}

export class BlockFile {
  readonly #path: string
  #handle: Promise<FileHandle> | undefined
  #closed = false

  constructor(path: string) {
    this.#path = path
  }

  /** The file appears with its first byte, readable by this user only. */
  #open(): Promise<FileHandle> {
    if (this.#closed) return Promise.reject(new Error('the file was released'))
    this.#handle ??= open(this.#path, 'wx+', 0o600)
    return this.#handle
  }

  async write(bytes: Uint8Array, offset: number): Promise<void> {
    const handle = await this.#open()
    for (let done = 0; done < bytes.length; )
      done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
  }

  /**
   * The given extents in order, each as a view that is good until the next one is asked for. The next pieces are read while the caller works.
   * A piece that the disk no longer has in full comes out shorter.
   */
  async *read(extents: readonly Extent[]): AsyncGenerator<Uint8Array> {
    if (extents.length === 0) return
    const handle = await this.#open()
    const runs = runsOf(extents)
    const size = Math.max(...runs.map((run) => run.length))
    const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(runs.length > 1 ? size : 0)]
    const start = (i: number): Promise<Uint8Array> | undefined => {
      const run = runs[i]
      return run === undefined ? undefined : readFully(handle, buffers[i % 2] as Buffer, run)
    }
    let pending = start(0)
    for (let i = 0; pending !== undefined; i++) {
      const bytes: Uint8Array = await pending
      pending = start(i + 1)
      pending?.catch(() => undefined)
      const run = runs[i] as Run
      for (const extent of run.extents)
        yield bytes.subarray(extent.offset - run.offset, extent.offset - run.offset + extent.length)
    }
  }

  async remove(): Promise<void> {
    this.#closed = true
    const handle = await this.#handle?.catch(() => undefined)
    await handle?.close()
    await rm(this.#path, { force: true })
  }
}

interface Run extends Extent {
  extents: Extent[]
}

/** Neighbours joined up to READ_BYTES: a small model's whole context is one read. */
const runsOf = (extents: readonly Extent[]): Run[] => {
  const runs: Run[] = []
  for (const extent of extents) {
    const last = runs.at(-1)
    if (last !== undefined && last.offset + last.length === extent.offset && last.length + extent.length <= READ_BYTES) {
      last.length += extent.length
      last.extents.push(extent)
    } else runs.push({ ...extent, extents: [extent] })
  }
  return runs
}

const readFully = async (handle: FileHandle, into: Buffer, run: Extent): Promise<Uint8Array> => {
  let done = 0
  while (done < run.length) {
    const { bytesRead } = await handle.read(into, done, run.length - done, run.offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return into.subarray(0, done)
}

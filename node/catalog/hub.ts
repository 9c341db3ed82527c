/** A model hub: what files a repository has at one commit, and their bytes from any place on. */
import { downloadFile, HubApiError, listFiles, modelInfo } from '@huggingface/hub'
import { SeamError } from 'openseam/protocol/errors'

export interface HubFile {
  path: string
  size: number
  /** What its bytes must hash to: SHA-256 where the hub keeps it as a large file, git's SHA-1 of a blob otherwise. Lower-case hex. */
  hash: { kind: 'sha256' | 'git'; value: string }
}

export interface HubOptions {
  /** `owner/name` */
  repo: string
  revision: string
  hubUrl?: string | undefined
  token?: string | undefined
  signal: AbortSignal
}

const ENTRIES_MAX = 10_000
const IDLE_MS = 60_000

export class Hub {
  readonly #at: { repo: { type: 'model'; name: string }; hubUrl?: string; accessToken?: string; fetch: typeof fetch }
  readonly #signal: AbortSignal
  #commit: string

  private constructor({ repo, hubUrl, token, signal }: HubOptions, commit: string) {
    this.#at = { repo: { type: 'model', name: repo }, ...accessOf({ hubUrl, token, signal }) }
    this.#signal = signal
    this.#commit = commit
  }

  /** Throws MODEL_UNKNOWN for a repository or revision that is not there, NET_CLOSED where the hub fails. */
  static async open(options: HubOptions): Promise<Hub> {
    const { repo, revision } = options
    const info = await explained(repo, () => modelInfo({ name: repo, revision, additionalFields: ['sha'], ...accessOf(options) }))
    return new Hub(options, info.sha)
  }

  /** The commit that a branch or tag stood at: every file is of this one. */
  get commit(): string {
    return this.#commit
  }

  async files(): Promise<HubFile[]> {
    const { name } = this.#at.repo
    return explained(name, async () => {
      const files: HubFile[] = []
      for await (const { type, path, size, oid, lfs } of listFiles({ ...this.#at, revision: this.#commit, recursive: true })) {
        if (files.length >= ENTRIES_MAX) throw new SeamError('MODEL_UNSUPPORTED', `${name} has more than ${ENTRIES_MAX} files`)
        if (type !== 'file') continue
        const hash =
          lfs === undefined ? ({ kind: 'git', value: oid ?? '' } as const) : ({ kind: 'sha256', value: lfs.oid } as const)
        files.push({ path, size, hash })
      }
      return files
    })
  }

  /** The bytes of a file from `from` on. Throws NET_CLOSED where they break off, NET_TIMEOUT where none come for a minute. */
  async *read({ path, size }: HubFile, from: number): AsyncGenerator<Uint8Array> {
    const { name } = this.#at.repo
    // Plain ranges, which every hub and every proxy before one knows.
    const blob = await explained(name, () => downloadFile({ ...this.#at, revision: this.#commit, path, xet: false }))
    if (blob === null) throw new SeamError('MODEL_FILE_MISSING', `${name} has no ${path} any more`)
    const reader = (from === 0 ? blob : blob.slice(from, size)).stream().getReader()
    try {
      for (;;) {
        const { done, value } = await explained(name, () => within(reader.read(), this.#signal))
        if (done) return
        yield value as Uint8Array
      }
    } finally {
      await reader.cancel().catch(() => undefined)
    }
  }
}

const accessOf = ({ hubUrl, token, signal }: Pick<HubOptions, 'hubUrl' | 'token' | 'signal'>) => ({
  ...(hubUrl !== undefined && { hubUrl }),
  ...(token !== undefined && { accessToken: token }),
  fetch: ((input, init) => fetch(input, { ...init, signal })) as typeof fetch
})

const within = async <Value>(reading: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new SeamError('NET_TIMEOUT', 'the hub sends nothing')), IDLE_MS)
  const stop = (): void => late.reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([reading, late.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

const explained = async <Value>(repo: string, act: () => Promise<Value>): Promise<Value> => {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof SeamError) throw cause
    if (cause instanceof HubApiError && [401, 403, 404].includes(cause.statusCode))
      throw new SeamError(
        'MODEL_UNKNOWN',
        `the hub shows no ${repo} at that revision (${cause.statusCode}): check the name, or set HF_TOKEN`,
        { cause }
      )
    throw new SeamError('NET_CLOSED', `the hub broke off: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The two files of a deployment: what was begun, and what stands. Both are whole or not there, whenever the power goes. */
import { link, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../../node/lib/atomic.ts'
import type { DeployJournal, Deployment, DeployStart, DeployStep, TxReceipt } from '../../sdk/chain/index.ts'
import { SeamError } from '../../sdk/protocol/errors.ts'
import type { Address, Hex } from '../../sdk/protocol/eth.ts'

/** What was sent. `transaction` is null where the run that sent it was killed before it saw the receipt. */
export interface Placed {
  address: Address
  transaction: Hex | null
  gasUsed: number | null
}

interface Begun extends DeployStart {
  placed: Record<string, Placed>
}

/** A `Deployment`, and how it came about. */
export type Result = Deployment & Omit<Begun, keyof Deployment>

export class DeploymentFiles implements DeployJournal {
  readonly dir: string
  /** The deployment, for `--deployment` of every command. */
  readonly file: string
  readonly #begunFile: string

  constructor(dir: string, chainId: number) {
    this.dir = dir
    this.file = join(dir, `${chainId}.json`)
    this.#begunFile = join(dir, `${chainId}.begun.json`)
  }

  read(): Promise<Begun | null> {
    return readJson<Begun>(this.#begunFile)
  }

  result(): Promise<Result | null> {
    return readJson<Result>(this.file)
  }

  async begin(start: DeployStart): Promise<void> {
    await mkdir(this.dir, { recursive: true })
    const draft = `${this.#begunFile}.${process.pid}`
    await writeJsonAtomic(draft, { ...start, placed: {} } satisfies Begun)
    try {
      await link(draft, this.#begunFile) // unlike a rename, it never replaces what another run has begun
    } catch (cause) {
      throw new SeamError('CONFIG', `another run began ${this.#begunFile} at this moment: let it end`, { cause })
    } finally {
      await rm(draft, { force: true })
    }
    // A run that looked before another ended would deploy it all a second time, under other addresses.
    if ((await this.result()) === null) return
    await this.clear()
    throw new SeamError('CONFIG', `another run ended ${this.file} at this moment: start again, and look at it`)
  }

  async placed({ name, address }: DeployStep, receipt: TxReceipt | null): Promise<void> {
    const begun = await this.#begun()
    const before = begun.placed[name] ?? null
    if (receipt === null && before !== null) return
    begun.placed[name] = { address, transaction: receipt?.hash ?? null, gasUsed: receipt?.gasUsed ?? null }
    await writeJsonAtomic(this.#begunFile, begun)
  }

  /** Call it once the chain was looked at: from here on the deployment counts. */
  async end(deployment: Deployment): Promise<void> {
    const { from, nonce, plan, placed } = await this.#begun()
    await writeJsonAtomic(this.file, { ...deployment, from, nonce, plan, placed } satisfies Result)
    await this.clear()
  }

  /** Of what was begun, once there is a result. */
  clear(): Promise<void> {
    return rm(this.#begunFile, { force: true })
  }

  async #begun(): Promise<Begun> {
    const begun = await this.read()
    if (begun === null) throw new SeamError('CONFIG', `${this.#begunFile} went away while it was needed`)
    return begun
  }
}

const readJson = async <T>(file: string): Promise<T | null> => {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw new SeamError('CONFIG', `cannot read ${file}`, { cause })
  })
  try {
    return text === null ? null : (JSON.parse(text) as T)
  } catch (cause) {
    throw new SeamError('CONFIG', `${file} is no JSON: put back what was there`, { cause })
  }
}

/**
 * One grant's sealed blocks at the successor: what may be appended, in which order, and what opens at takeover. It checks chain, order, size
 * and signature before a block counts, and holds no key until `openAll` is called with some.
 */
import { createHash, type Hash } from 'node:crypto'
import { exact } from 'openseam/protocol/bytes'
import { codeOf, type ErrorCode, SeamError } from 'openseam/protocol/errors'
import {
  CHAIN_START,
  cellsOf,
  chainHead,
  checkNext,
  decodeKvHeader,
  decodeKvRecord,
  headMessage,
  KV_TAG_BYTES,
  type KvHeaderView
} from 'openseam/protocol/kv-header'
import { CELL_BYTES } from 'openseam/protocol/limits'
import type { Grant, KvHeader } from 'openseam/protocol/pb'
import { BlockFile } from './block-file.ts'
import { type Verify, verifierOf } from './ed25519.ts'
import { openBlock } from './seal.ts'

interface StoredBlock {
  header: Uint8Array
  tag: Uint8Array
  head: Uint8Array
  offset: number
  length: number
}

interface IncomingBlock {
  wire: KvHeader
  header: Uint8Array
  tokenHash: Uint8Array
  fields: KvHeaderView
  hash: Hash
  cells: number
}

export interface OpenedBlocks {
  /** Contiguous from block 0, each in a buffer of its own. */
  blocks: Uint8Array<ArrayBuffer>[]
  /** The first block that did not open, and why. */
  failedAt?: number
  code?: ErrorCode
  /** Of the blocks, raw 32 bytes: the takeover is exact when it equals ours. Absent without blocks. */
  numerics?: Uint8Array
  dtype?: number
}

/** The raw key for a block's (leg, generation), or undefined. */
export type KeyOf = (leg: number, generation: number) => Uint8Array | undefined

export class Replica {
  readonly grant: Grant
  readonly #file: BlockFile
  readonly #verify: Verify
  #stored: StoredBlock[] = []
  #incoming: IncomingBlock | undefined
  #writing: Promise<void> = Promise.resolve()
  #leg = 0
  #fence = 0

  constructor(grant: Grant, path: string) {
    this.grant = grant
    this.#file = new BlockFile(path)
    this.#verify = verifierOf(grant.servingPeer)
  }

  get blocks(): number {
    return this.#stored.length
  }

  get bytes(): number {
    const last = this.#stored.at(-1)
    return last === undefined ? 0 : last.offset + last.length
  }

  get head(): Uint8Array {
    return this.headAt(this.blocks) ?? CHAIN_START
  }

  headAt(blocks: number): Uint8Array | undefined {
    return blocks === 0 ? CHAIN_START : this.#stored[blocks - 1]?.head
  }

  holds(head: Uint8Array): boolean {
    return this.#stored.some((block) => Buffer.compare(block.head, head) === 0)
  }

  /** From now on blocks of legs below `leg` are refused. What is stored stays: it is what a takeover needs. */
  fence(leg: number): void {
    this.#fence = Math.max(this.#fence, leg)
  }

  /** No leg may write any more: the takeover has begun. */
  freeze(): void {
    this.#fence = Number.POSITIVE_INFINITY
  }

  #checkFence(leg: number): void {
    if (leg < this.#fence) throw new SeamError('KV_FENCED', `leg ${leg} has ended: a newer one was opened`, { detail: { leg } })
  }

  /** A stream begins at `fromBlock`. Later blocks of the same leg are dropped; a newer leg starts its own chain at 0. */
  begin(leg: number, fromBlock: number): void {
    this.#checkFence(leg)
    if (leg < this.#leg)
      throw new SeamError('KV_FENCED', `leg ${leg} is older than leg ${this.#leg}, whose blocks are here`, { detail: { leg } })
    if (fromBlock > (leg === this.#leg ? this.blocks : 0)) {
      throw new SeamError('KV_CHAIN', `only ${this.blocks} blocks of leg ${this.#leg} are here: start the chain anew`, {
        detail: { blocks: this.blocks }
      })
    }
    this.#leg = leg
    this.#stored.length = fromBlock
    this.#incoming = undefined
  }

  /** Announces the next block. Every refusal comes before any byte of it is stored. */
  header(wire: KvHeader): void {
    if (this.#incoming !== undefined) throw new SeamError('WIRE_ORDER', 'a header before the last cell of the block before it')
    const { header, tokenHash } = decodeKvRecord(wire.header)
    const fields = decodeKvHeader(header)
    exact(wire.tag, KV_TAG_BYTES, 'tag')
    this.#checkFence(fields.leg)
    checkNext(fields, { replica: this.grant.replica, leg: this.#leg, block: this.blocks, prev: this.head })
    const first = this.#stored[0]
    const same = first === undefined ? undefined : decodeKvHeader(first.header)
    if (Buffer.compare(fields.modelId, this.grant.modelId) !== 0 || (same !== undefined && !sameScope(same, fields))) {
      throw new SeamError('KV_CHAIN', `block ${fields.block}: another model, dtype, size or numerics than granted`, {
        detail: { block: fields.block }
      })
    }
    if (wire.cells !== cellsOf(fields.plaintextLength))
      throw new SeamError('WIRE_MALFORMED', `${wire.cells} cells do not fit the block`)
    if (this.bytes + wire.cells * CELL_BYTES > this.grant.bytesMax) {
      throw new SeamError('KV_QUOTA', `the grant holds ${this.grant.bytesMax} bytes: ask for a larger one`, {
        detail: { bytesMax: this.grant.bytesMax }
      })
    }
    this.#incoming = { wire, header, tokenHash, fields, hash: createHash('sha256'), cells: 0 }
  }

  /** One cell of the announced block, in order. True when it was the last and the block counts. */
  async cell(body: Uint8Array): Promise<boolean> {
    const incoming = this.#incoming
    if (incoming === undefined) throw new SeamError('WIRE_ORDER', 'a cell without its header')
    exact(body, CELL_BYTES, 'cell')
    const offset = this.bytes + incoming.cells * CELL_BYTES
    incoming.cells += 1
    const before = this.#writing // one write at a time, while the next cell travels
    const write = (): Promise<void> => (this.#incoming === incoming ? this.#file.write(body, offset) : Promise.resolve())
    this.#writing = before.then(write, write)
    this.#writing.catch(() => undefined)
    incoming.hash.update(body)
    const last = incoming.cells === incoming.wire.cells
    await (last ? this.#writing : before).catch((cause: unknown) => {
      throw new SeamError('KV_QUOTA', 'this peer cannot store more', { cause })
    })
    if (this.#incoming !== incoming) throw new SeamError('WIRE_ORDER', 'the stream was begun anew')
    if (!last) return false
    this.#count(incoming)
    return true
  }

  #count(incoming: IncomingBlock): void {
    const { wire, header, tokenHash, fields, hash } = incoming
    this.#incoming = undefined
    this.#checkFence(fields.leg)
    const head = chainHead({ prev: fields.prev, block: fields.block, tokenHash, ciphertextHash: hash.digest(), header })
    if (!this.#verify(headMessage(head), wire.signature)) {
      throw new SeamError('KV_SIGNATURE', `block ${fields.block}: the chain head is not signed by the serving peer`, {
        detail: { block: fields.block }
      })
    }
    // Copies: the views would keep whole wire frames alive.
    this.#stored.push({
      header: header.slice(),
      tag: wire.tag.slice(),
      head,
      offset: this.bytes,
      length: wire.cells * CELL_BYTES
    })
  }

  /** Opens blocks from 0 until `blocksMax`, the end, or the first that does not open. Never throws for what is stored or missing. */
  async openAll(keyOf: KeyOf, blocksMax: number): Promise<OpenedBlocks> {
    const wanted = this.#stored.slice(0, blocksMax)
    const opened: OpenedBlocks = { blocks: [] }
    try {
      let i = 0
      for await (const bytes of this.#file.read(wanted)) {
        const { header, tag, length } = wanted[i++] as StoredBlock
        const { leg, generation, numerics, dtype } = decodeKvHeader(header)
        const epochKey = keyOf(leg, generation)
        if (epochKey === undefined) throw new SeamError('KV_CORRUPT', `no key for leg ${leg}, generation ${generation}`)
        if (bytes.length !== length) throw new SeamError('KV_CORRUPT', 'the disk no longer has the whole block')
        opened.blocks.push(openBlock({ epochKey, header, tag, cells: [bytes] }))
        opened.numerics ??= numerics
        opened.dtype ??= dtype
      }
    } catch (error) {
      opened.failedAt = opened.blocks.length
      opened.code = error instanceof SeamError ? codeOf(error) : 'KV_CORRUPT' // the disk failed: the blocks before are good
    }
    return opened
  }

  async remove(): Promise<void> {
    this.freeze()
    this.#stored = []
    await this.#writing.catch(() => undefined)
    await this.#file.remove()
  }
}

const sameScope = (a: KvHeaderView, b: KvHeaderView): boolean =>
  a.dtype === b.dtype && a.plaintextLength === b.plaintextLength && Buffer.compare(a.numerics, b.numerics) === 0

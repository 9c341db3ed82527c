/**
 * Answers what clients challenge (docs/spec/court.md). Silence costs stake, whatever the work was worth, and a challenger gets its bond back for it:
 * so every case is answered as soon as it is seen, also one about a receipt that is not stored here any more.
 */
import type { Clock, Log } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { type Bytes32, bytesToHex, hexToBytes, keccak256 } from 'openseam/protocol/eth'
import type { ReceiptStore } from './receipt-store.ts'

export const CHALLENGES_LOOK_MS = 60_000 // a case waits a day for its answer
const REORG_BLOCKS = 64 // read again each time: a case that moved with a reorganisation is answered all the same

export interface OpenedCase {
  id: Bytes32
  receiptHash: Bytes32
}

/** The court as the accused sees it. */
export interface ChallengesChain {
  /** The block from which its contracts stand. */
  readonly firstBlock: number
  head(): Promise<number>
  /** How many cases against us are open or answered. */
  openCases(): Promise<number>
  /** Those opened in these blocks, both included. */
  opened(from: number, to: number): Promise<OpenedCase[]>
  /** Whether it still waits for an answer. */
  isWaiting(id: Bytes32): Promise<boolean>
  respond(id: Bytes32, answerHash: Bytes32): Promise<void>
}

export interface ChallengesComponents {
  chain: ChallengesChain
  receipts: ReceiptStore
  clock: Clock
  log: Log
}

export class Challenges {
  readonly #c: ChallengesComponents
  readonly #waiting = new Map<Bytes32, OpenedCase>()
  #next: number

  constructor(components: ChallengesComponents) {
    this.#c = components
    this.#next = components.chain.firstBlock
  }

  /** Looks and answers until the signal; a chain that is away only delays it. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#c
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => log.warn({ code: codeOf(error) }, 'the court could not be asked'))
      await clock.sleep(CHALLENGES_LOOK_MS, signal).catch(() => undefined)
    }
  }

  /** One look. One case that cannot be answered stops no other. Throws CHAIN_*. */
  async look(): Promise<void> {
    const { chain, log } = this.#c
    const head = await chain.head()
    // Read after the head: what was opened up to there and is not closed is in it.
    if ((await chain.openCases()) > 0) {
      for (const opened of await chain.opened(this.#next, head)) this.#waiting.set(opened.id, opened)
    }
    this.#next = Math.max(chain.firstBlock, head - REORG_BLOCKS)
    for (const opened of [...this.#waiting.values()]) {
      try {
        if (await chain.isWaiting(opened.id)) {
          await chain.respond(opened.id, await this.#answer(opened.receiptHash))
          log.warn({ case: opened.id, receipt: opened.receiptHash }, 'a client challenged a receipt: answered')
        }
        this.#waiting.delete(opened.id)
      } catch (error) {
        log.warn({ case: opened.id, code: codeOf(error) }, 'a challenge could not be answered: trying again')
      }
    }
  }

  /** Commits to what is kept here: the receipt's hash and our signature over it, nothing in its place where there is none. */
  async #answer(receiptHash: Bytes32): Promise<Bytes32> {
    const { receipts } = this.#c
    const kept = await receipts.byHash(receiptHash)
    const signature = kept === undefined ? new Uint8Array(0) : await receipts.signatureOf(kept).catch(() => new Uint8Array(0))
    return answerHash(receiptHash, signature)
  }
}

/** keccak256("openseam answer" ‖ receipt hash ‖ signature, if any). */
export const answerHash = (receiptHash: Bytes32, signature: Uint8Array): Bytes32 =>
  bytesToHex(
    keccak256(Uint8Array.from([...new TextEncoder().encode('openseam answer'), ...hexToBytes(receiptHash, 32), ...signature]))
  )

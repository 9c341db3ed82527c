/** Who may keep a session's sealed blocks, and how many bytes it must promise. */
import { BLOCK_TOKENS, CELL_BYTES } from '../protocol/limits.ts'

const BLOCK_OVERHEAD_BYTES = 1024

/** Bytes of ciphertext that a context of `positions` needs at most, headers included. */
export const standbyBytes = (positions: number, blockBytes: number): number =>
  Math.ceil(positions / BLOCK_TOKENS) * (Math.ceil(blockBytes / CELL_BYTES) * CELL_BYTES + BLOCK_OVERHEAD_BYTES)

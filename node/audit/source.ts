/** Where receipts come from: peers that serve them, an explorer, a file. None of them is believed. */
import type { ChannelRef, ReceiptReader, ShownReceipt } from 'openseam/net/receipt-fetch'
import type { Bytes32 } from 'openseam/protocol/eth'
import type { Proof } from 'openseam/protocol/proof'

/** A receipt as a source shows it; with a whole proof, where it has one. */
export interface Candidate extends ShownReceipt {
  source: ReceiptSource
  proof?: Proof
}

/** Answers one question at a time. Throws SeamErrors. */
export interface ReceiptSource {
  /** For people: a peer id, an address, a file. */
  readonly name: string
  byHash(hash: Bytes32): Promise<Candidate | undefined>
  ofSession(sessionId: Bytes32): Promise<Candidate[]>
  /** The siblings of each place under that root, leaf to root. Absent: it shows whole proofs or none. */
  prove?(channel: ChannelRef, workRoot: Bytes32, indexes: readonly number[]): Promise<Bytes32[][]>
  close(): Promise<void>
}

/** Who could not be read, and the code that says why. */
export interface Silent {
  source: string
  code: string
}

export const peerSource = (name: string, reader: ReceiptReader): ReceiptSource => {
  const source: ReceiptSource = {
    name,
    byHash: async (hash) => {
      const shown = await reader.byHash(hash)
      return shown === undefined ? undefined : { ...shown, source }
    },
    ofSession: async (sessionId) => (await reader.ofSession(sessionId)).map((shown) => ({ ...shown, source })),
    prove: (channel, workRoot, indexes) => reader.prove(channel, workRoot, indexes),
    close: () => reader.close()
  }
  return source
}

/** A proof as somebody handed it over. */
export const proofSource = (name: string, proof: Proof): ReceiptSource => {
  const source: ReceiptSource = {
    name,
    byHash: async (hash) => (hash === proof.receiptHash ? candidateOf(source, proof) : undefined),
    ofSession: async (sessionId) => (sessionId === proof.receipt.sessionId ? [candidateOf(source, proof)] : []),
    close: () => Promise.resolve()
  }
  return source
}

export const candidateOf = (source: ReceiptSource, proof: Proof): Candidate => {
  const { receipt, receiptHash: hash, signature, work } = proof
  return { receipt, hash, signature, index: work.index, cumAfter: work.cumAfter, source, proof }
}

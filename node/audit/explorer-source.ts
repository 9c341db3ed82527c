/** An explorer as a source of whole proofs (docs/spec/explorer.md). It may leave receipts out; it cannot make one hold. */
import { SeamError } from 'openseam/protocol/errors'
import type { Bytes32 } from 'openseam/protocol/eth'
import type { Proof } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, readProof } from 'openseam/protocol/proof-file'
import { type Candidate, candidateOf, type ReceiptSource } from './source.ts'

const SESSION_BYTES_MAX = 8 * 1024 * 1024 // 4 096 receipts and their legs
const RECEIPTS_MAX = 4_096
const AT_ONCE = 8

/** `signal` ends every request. Throws NET_* for an explorer that is away, PROOF_INVALID or WIRE_* for one that answers something else. */
export const explorerSource = (url: string, signal: AbortSignal): ReceiptSource => {
  const base = url.replace(/\/+$/, '')
  const proofOf = async (hash: Bytes32): Promise<Proof | undefined> => {
    const text = await get(`${base}/api/receipts/${hash}/proof`, PROOF_BYTES_MAX, signal)
    if (text === undefined) return undefined
    const proof = readProof(text)
    if (proof.receiptHash !== hash) throw new SeamError('WIRE_ORDER', `${base} answers with another proof than was asked for`)
    return proof
  }
  const source: ReceiptSource = {
    name: base,
    byHash: async (hash) => {
      const proof = await proofOf(hash)
      return proof === undefined ? undefined : candidateOf(source, proof)
    },
    ofSession: async (sessionId) => {
      const text = await get(`${base}/api/sessions/${sessionId}`, SESSION_BYTES_MAX, signal)
      const hashes = text === undefined ? [] : hashesOf(text)
      const found: Candidate[] = []
      for (let i = 0; i < hashes.length; i += AT_ONCE) {
        const proofs = await Promise.all(hashes.slice(i, i + AT_ONCE).map(proofOf))
        for (const proof of proofs) if (proof?.receipt.sessionId === sessionId) found.push(candidateOf(source, proof))
      }
      return found
    },
    close: () => Promise.resolve()
  }
  return source
}

const hashesOf = (text: string): Bytes32[] => {
  try {
    const { receipts } = JSON.parse(text) as { receipts: { hash: unknown }[] }
    const hashes = receipts.map(({ hash }) => String(hash).toLowerCase())
    if (hashes.length <= RECEIPTS_MAX && hashes.every((hash) => /^0x[0-9a-f]{64}$/.test(hash))) return hashes as Bytes32[]
  } catch {
    // said below
  }
  throw new SeamError('WIRE_MALFORMED', 'the explorer shows no session in the shape that was agreed on')
}

/** Undefined: nothing of that name is there. Never reads more than `bytesMax`. */
export const get = async (url: string, bytesMax: number, signal: AbortSignal): Promise<string | undefined> => {
  try {
    const response = await fetch(url, { signal })
    if (response.status === 404) return undefined
    if (!response.ok) throw new SeamError('NET_CLOSED', `${url} answers ${response.status}`)
    const decoder = new TextDecoder()
    let text = ''
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > bytesMax) throw new SeamError('WIRE_TOO_LONG', `${url} answers with more than ${bytesMax} bytes`)
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  } catch (cause) {
    if (cause instanceof SeamError) throw cause
    const late = signal.aborted
    throw new SeamError(late ? 'NET_TIMEOUT' : 'NET_DIAL', `${url} ${late ? 'did not answer in time' : 'cannot be reached'}`, {
      cause
    })
  }
}

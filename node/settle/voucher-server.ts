/** The provider's side of /openseam/voucher/1: one ordered stream a client; what is refused is said, what is stored is signed. */
import type { Channel, Log, PeerKey } from 'openseam/components'
import { codeOf, type ErrorCode, SeamError } from 'openseam/protocol/errors'
import { bytesToHex } from 'openseam/protocol/eth'
import type * as wire from 'openseam/protocol/pb'
import type { VoucherBook } from './voucher-book.ts'

const MODELS_PER_HELLO_MAX = 64

export interface VoucherServerComponents {
  book: VoucherBook
  log: Log
  /** The table of codes decides what it costs the peer. */
  fault(peer: PeerKey, code: ErrorCode): void
}

export const serveVouchers = async (
  components: VoucherServerComponents,
  channel: Channel<wire.VoucherServerFrame, wire.VoucherClientFrame>
): Promise<void> => {
  const { book } = components
  let client: `0x${string}` | undefined
  for await (const frame of channel.receive()) {
    if (frame.hello !== undefined) {
      if (frame.hello.client.length !== 20 || frame.hello.modelIds.length > MODELS_PER_HELLO_MAX) {
        throw new SeamError('WIRE_MALFORMED', 'a hello names one account and a few models')
      }
      client = bytesToHex(frame.hello.client)
      const modelIds = frame.hello.modelIds.map((id) => bytesToHex(id))
      await channel.send({ state: book.state(client, modelIds) })
      continue
    }
    if (frame.ack === undefined || client === undefined)
      throw new SeamError('WIRE_ORDER', 'a hello comes first, then acknowledgements')
    await channel.send({ reply: await answer(components, frame.ack, client, channel.peer) })
  }
}

const answer = async (
  { book, log, fault }: VoucherServerComponents,
  ack: wire.Ack,
  client: `0x${string}`,
  peer: PeerKey
): Promise<wire.AckReply> => {
  try {
    return await book.accept(ack, client)
  } catch (error) {
    const code = codeOf(error)
    log.warn({ code, reason: error instanceof SeamError ? error.message : 'internal' }, 'an acknowledgement was refused')
    // Each makes us read an account of the peer's choice from the chain. The others also come of two honest messages that cross.
    if (code === 'VOUCHER_SIGNATURE') fault(peer, code)
    const message = error instanceof SeamError ? error.message : 'this provider could not store the voucher: send it again'
    const modelId = ack.voucher?.modelId ?? new Uint8Array(0)
    return { modelId, count: 0, signatures: [], refused: { code, message, amount: new Uint8Array(0) } }
  }
}

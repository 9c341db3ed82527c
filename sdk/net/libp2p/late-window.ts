/**
 * Flow control as other implementations do it (go-yamux, rust-yamux): a sender hears of room once half of its window is used up. The library
 * tells it after every frame, so that each token and each cell of KV is answered by a frame of its own, encrypted, written and read.
 */
import { StreamState, YamuxStream } from '@chainsafe/libp2p-yamux/stream'
import type { Stream } from '@libp2p/interface'

export const tellWindowLate = (stream: Stream): void => {
  if (!(stream instanceof YamuxStream)) return
  const window = stream as unknown as { recvWindow: number; recvWindowCapacity: number }
  const tell = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    // until it is established, an update carries the answer to the opening of the stream
    if (stream.state !== StreamState.Established || window.recvWindowCapacity <= window.recvWindow / 2) tell()
  }
}

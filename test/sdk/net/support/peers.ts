/** Real hosts on real loopback sockets, closed after each test. */
import { createHost, type Host, type HostOptions } from '../../../../sdk/net/host.ts'
import type { Protocol } from '../../../../sdk/net/protocol.ts'

export const LOOPBACK = '/ip4/127.0.0.1/tcp/0'
const open: Host[] = []

export const host = async (options: Partial<HostOptions> = {}): Promise<Host> => {
  const created = await createHost({ privateKey: crypto.getRandomValues(new Uint8Array(32)), listen: [LOOPBACK], ...options })
  open.push(created)
  return created
}

export const closeHosts = async (): Promise<void> => {
  await Promise.all(open.splice(0).map((created) => created.close()))
}

/** A protocol whose messages are raw bytes, so that a test decides what is malformed. */
export const bytesProtocol = (changes: Partial<Protocol<Uint8Array, Uint8Array>> = {}): Protocol<Uint8Array, Uint8Array> => {
  const codec = {
    encode: (bytes: Uint8Array) => bytes,
    decode: (bytes: Uint8Array) => {
      if (bytes[0] === 0xff) throw new Error('no message of this protocol')
      return bytes.slice()
    }
  }
  return {
    id: '/openseam/test/1',
    spec: 'docs/spec/net.md',
    client: codec,
    server: codec,
    clientFrameBytesMax: 70_000,
    serverFrameBytesMax: 70_000,
    idleMs: 0,
    inboundStreamsPerPeerMax: 4,
    outboundStreamsPerPeerMax: 16,
    quota: { count: 1_000_000, windowMs: 1_000 },
    ...changes
  }
}

export const take = async <T>(messages: AsyncIterable<T>, count: number): Promise<T[]> => {
  const taken: T[] = []
  for await (const message of messages) if (taken.push(message) === count) break
  return taken
}

export const failure = async (work: Promise<unknown>): Promise<{ code?: string; message: string }> => {
  try {
    await work
  } catch (error) {
    return error as { code?: string; message: string }
  }
  throw new Error('expected it to fail')
}

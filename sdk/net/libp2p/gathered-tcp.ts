/**
 * TCP that gathers what one turn of the event loop writes. The library hands every part of a frame to the socket by itself, and without Nagle's
 * delay each is a packet of its own: two for a token, eight for a cell of KV, with the system calls and wake-ups of two processes.
 */
import type { Socket } from 'node:net'
import type { MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { Uint8ArrayList } from 'uint8arraylist'

const JOIN_BYTES_MAX = 4096 // joining small parts is cheaper than handing over several

interface Sending {
  socket?: Socket
  sendData(data: Uint8ArrayList): { sentBytes: number; canSendMore: boolean }
}

/** Nothing waits for a timer: the socket writes as soon as the running code has ended. */
const gather = (connection: MultiaddrConnection): MultiaddrConnection => {
  const sending = connection as unknown as Sending
  const { socket } = sending
  if (socket === undefined) return connection
  const sendData = sending.sendData.bind(connection)
  let gathering = false
  const write = (): void => {
    gathering = false
    socket.uncork()
  }
  sending.sendData = (data) => {
    if (!gathering) {
      gathering = true
      socket.cork()
      process.nextTick(write)
    }
    return sendData(data.byteLength <= JOIN_BYTES_MAX ? new Uint8ArrayList(data.subarray()) : data)
  }
  return connection
}

const gathering = (upgrader: Upgrader): Upgrader =>
  ({
    upgradeInbound: (connection, options) => upgrader.upgradeInbound(gather(connection), options),
    upgradeOutbound: (connection, options) => upgrader.upgradeOutbound(gather(connection), options)
  }) as Upgrader

export const gatheredTcp =
  (): ReturnType<typeof tcp> =>
  (components): Transport => {
    const transport = tcp()(components)
    const dial = transport.dial.bind(transport)
    const createListener = transport.createListener.bind(transport)
    transport.dial = (address, options) => dial(address, { ...options, upgrader: gathering(options.upgrader) })
    transport.createListener = (options) => createListener({ ...options, upgrader: gathering(options.upgrader) })
    return transport
  }

/** Ports for processes that will listen in a while, and again after they were down. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { SeamError } from 'openseam/protocol/errors'

// Below what systems hand out for outgoing connections: such a port could be taken before its provider starts, or while it is down.
const PORTS_FROM = 12_000
const PORTS = 20_000
const PORT_TRIES = 50

const given = new Set<number>()

/** A port that nothing listens on now, and that this process has given to nobody. Throws CONFIG when there seems to be none. */
export const freePort = async (): Promise<number> => {
  for (let i = 0; i < PORT_TRIES; i++) {
    const port = PORTS_FROM + randomInt(PORTS)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
  throw new SeamError('CONFIG', `no free port from ${PORTS_FROM} to ${PORTS_FROM + PORTS}`)
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

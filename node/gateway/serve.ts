import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

export interface GatewayServer {
  readonly url: string
  readonly port: number
  /** Takes no new connection, lets running answers end for `graceMs`, then cuts what is left. */
  close(graceMs?: number): Promise<void>
}

const GRACE_MS = 5_000

export const serveGateway = async (app: Hono, { host, port }: { host: string; port: number }): Promise<GatewayServer> => {
  // The default would replace the global Request and Response for the whole process.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bound = (server.address() as AddressInfo).port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    close: (graceMs = GRACE_MS) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
      })
  }
}

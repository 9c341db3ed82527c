/** Prometheus metrics of one process, and the small server that shows them. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface MetricsServer {
  /** Ends in `/metrics`. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export interface MetricsServerOptions {
  registry: Registry
  host: string
  /** 0 picks a free one. */
  port: number
  /** What `/healthz` answers; a throw makes it a 503. */
  health?: () => object
}

export const createRegistry = (role: string, version: string): Registry => {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const build = new Gauge({
    name: 'openseam_build',
    help: 'Always 1; the version is the label.',
    labelNames: ['version'],
    registers: [registry]
  })
  build.set({ version }, 1)
  return registry
}

export const serveMetrics = async ({
  registry,
  host,
  port,
  health = () => ({})
}: MetricsServerOptions): Promise<MetricsServer> => {
  const pages: Record<string, () => Promise<[type: string, body: string]>> = {
    '/metrics': async () => [registry.contentType, await registry.metrics()],
    '/healthz': async () => ['application/json', JSON.stringify({ status: 'ok', ...health() })]
  }
  const server = createServer(async (request, response) => {
    const page = pages[request.url?.split('?')[0] ?? '']
    try {
      const [type, body] = page === undefined ? ['text/plain', 'try /metrics or /healthz\n'] : await page()
      response.writeHead(page === undefined ? 404 : 200, { 'content-type': type }).end(body)
    } catch (error) {
      const status = error instanceof Error ? error.message : 'failed'
      response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ status }))
    }
  })
  const bound = await listen(server, host, port)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // Metrics alone keep no process alive.
      server.unref()
      resolve((server.address() as AddressInfo).port)
    })
  })

import { expect } from 'chai'
import { createRegistry, serveMetrics } from '../../../node/lib/metrics.ts'

describe('metrics server', () => {
  it('shows metrics and health, and 503 when health throws', async () => {
    let healthy = true
    const health = (): object => {
      if (!healthy) throw new Error('draining')
      return { slots: 4 }
    }
    const server = await serveMetrics({ registry: createRegistry('provider', '0.1.0'), host: '127.0.0.1', port: 0, health })
    const at = (path: string): Promise<Response> => fetch(new URL(path, server.url))
    expect(await (await at('/metrics')).text()).to.include('openseam_build{version="0.1.0",role="provider"} 1')
    expect(await (await at('/healthz')).json()).to.deep.equal({ status: 'ok', slots: 4 })
    healthy = false
    const sick = await at('/healthz')
    expect([sick.status, await sick.json()]).to.deep.equal([503, { status: 'draining' }])
    expect((await at('/other')).status).to.equal(404)
    await server.close()
  })
})

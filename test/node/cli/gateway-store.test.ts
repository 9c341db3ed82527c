/** `--store`: what it takes, and where a password may not stand. */
import { expect } from 'chai'
import type { Deployment } from 'openseam/chain/index'
import { silentLog } from 'openseam/components'
import { openGatewayStore, storeUrl } from '../../../node/cli/gateway-store.ts'
import { codeOfRejection } from '../../sdk/session/support.ts'

describe('the store of a gateway', () => {
  it('is the address of a PostgreSQL database, without a password', () => {
    const taken = [
      'postgres://openseam@db.internal/openseam',
      'postgresql://openseam@db:5432/openseam?sslmode=verify-full',
      'postgres:///openseam?host=/var/run/postgresql',
      'postgres://openseam@/postgres?host=/tmp/a:b@c'
    ]
    for (const url of taken) expect(storeUrl.safeParse(url).success, url).to.equal(true)
    const refused = [
      'mysql://db/openseam',
      'db/openseam',
      'postgres://openseam:secret@db/openseam',
      'postgres://openseam:se@cret@db/openseam',
      'postgres://openseam@db/openseam?sslmode=require&password=secret'
    ]
    for (const url of refused) {
      const { success, error } = storeUrl.safeParse(url)
      expect(success, url).to.equal(false)
      expect(String(error), url).to.not.include('cret')
    }
  })

  it('is not shared where callers pay by the request', async () => {
    const flags = { store: 'postgres://openseam@127.0.0.1:1/openseam', x402: true }
    const home = { dir: '/nowhere', path: (name: string) => name, release: async () => undefined }
    const deployment = { chainId: 31_337, ledger: '0x' } as unknown as Deployment
    expect(await codeOfRejection(openGatewayStore({ flags, home, deployment, account: '0xa', log: silentLog }))).to.equal(
      'CONFIG'
    )
  })
})

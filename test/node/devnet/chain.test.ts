import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type ChainReady, DEVNET_CHAIN_ID, fundedKeys } from '../../../node/devnet/chain.ts'
import { Rpc, walletFromHex } from '../../../sdk/chain/index.ts'

const entry = join(import.meta.dirname, '../../../node/devnet/chain.ts')

describe('devnet chain', function () {
  this.timeout(20_000)

  it('serves funded accounts from any folder, quietly, and dies with its parent', async () => {
    const child = fork(entry, ['0'], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    const [ready] = (await once(child, 'message')) as [ChainReady]
    expect(ready).to.include({ ready: true, chainId: DEVNET_CHAIN_ID })
    const rpc = new Rpc(ready.rpc)
    expect(await rpc.chainId()).to.equal(DEVNET_CHAIN_ID)
    for (const key of fundedKeys()) expect(await rpc.balance(walletFromHex(key).address)).to.equal(10_000n * 10n ** 18n)
    child.kill('SIGINT') // Ctrl-C reaches the whole group; the parent still settles
    expect(await rpc.chainId()).to.equal(DEVNET_CHAIN_ID)
    const started = performance.now()
    child.disconnect()
    const [code] = await once(child, 'exit')
    expect(code).to.equal(0)
    expect(performance.now() - started).to.be.below(5_000)
    expect(output).to.equal('')
  })
})

import { expect } from 'chai'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { fundedKeys } from '../../../node/devnet/chain.ts'
import { deploy, missingEvm, Rpc, Sender, walletFromHex } from '../../../sdk/chain/index.ts'

const withChain = async (hardfork: string, act: (rpc: Rpc) => Promise<void>): Promise<void> => {
  const networks = { default: { type: 'edr-simulated' as const, hardfork, chainId: 31_337 } }
  const hre = await createHardhatRuntimeEnvironment({ plugins: [], networks }, {}, import.meta.dirname)
  const server = await hre.network.createServer('default', '127.0.0.1', 0)
  const { port } = await server.listen()
  try {
    await act(new Rpc(`http://127.0.0.1:${port}`))
  } finally {
    await server.close()
  }
}

describe('what the contracts ask of a chain', function () {
  this.timeout(60_000)

  it('is all there from Cancun on', async () => {
    await withChain('cancun', async (rpc) => void expect(await missingEvm(rpc)).to.deep.equal([]))
  })

  it('is named where it is missing', async () => {
    await withChain('shanghai', async (rpc) => {
      expect(await missingEvm(rpc)).to.deep.equal(['MCOPY (EIP-5656)', 'transient storage (EIP-1153)'])
    })
    await withChain('london', async (rpc) => {
      expect(await missingEvm(rpc)).to.deep.equal(['PUSH0 (EIP-3855)', 'MCOPY (EIP-5656)', 'transient storage (EIP-1153)'])
    })
  })

  it('is tried before anything is deployed', () =>
    withChain('shanghai', async (rpc) => {
      const wallet = walletFromHex(fundedKeys()[0] ?? '')
      const error = await deploy(new Sender(rpc, wallet.secretKey)).catch((cause) => cause)
      expect(error.code).to.equal('CONFIG')
      expect(error.message).to.include('transient storage (EIP-1153)').and.include('Cancun')
      expect(await rpc.send('eth_getTransactionCount', [wallet.address, 'latest'])).to.equal('0x0')
    }))

  it('is not taken for missing where the chain is down', async () => {
    expect((await missingEvm(new Rpc('http://127.0.0.1:1')).catch((cause) => cause)).code).to.equal('CHAIN_DOWN')
  })
})

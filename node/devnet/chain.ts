/**
 * The devnet's chain: an in-process EVM behind JSON-RPC, in a child process of its own. Forked with IPC; tells its parent
 * {ready, rpc, chainId} and dies with it, however that died. State lives in memory: every devnet starts from nothing.
 */
export const DEVNET_CHAIN_ID = 31_337

/** Hardhat's public development keys (mnemonic "test test ... junk"), each with 10 000 coins here. Worthless anywhere else. */
export const fundedKeys = (): `0x${string}`[] => [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
  '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
  '0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e',
  '0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356',
  '0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97',
  '0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6'
]

export interface ChainReady {
  ready: true
  rpc: string
  chainId: number
}

/** Serves until closed. Port 0 picks a free one. */
export const startChain = async (
  port: number,
  chainId = DEVNET_CHAIN_ID
): Promise<ChainReady & { close: () => Promise<void> }> => {
  const { createHardhatRuntimeEnvironment } = await import('hardhat/hre') // only where a chain runs: the keys are cheap to import
  // No project config: nothing to discover, compile or load, so it starts the same in any working directory.
  const hre = await createHardhatRuntimeEnvironment(
    {
      plugins: [],
      networks: {
        default: {
          type: 'edr-simulated',
          chainId,
          hardfork: 'cancun',
          // A transaction that fails is mined and reported in its receipt, as on any real chain.
          throwOnTransactionFailures: false,
          allowBlocksWithSameTimestamp: true,
          initialBaseFeePerGas: 1_000_000,
          mining: { auto: true, interval: 0 }
        }
      }
    },
    {},
    import.meta.dirname
  )
  const server = await hre.network.createServer('default', '127.0.0.1', port)
  const bound = await server.listen()
  return { ready: true, rpc: `http://127.0.0.1:${bound.port}`, chainId, close: () => server.close() }
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit(0)) // the parent is gone
  process.on('SIGTERM', () => process.exit(0))
  if (process.send !== undefined) process.on('SIGINT', () => undefined) // Ctrl-C reaches the whole group; the parent settles first
  const [port, id] = process.argv.slice(2).map(Number)
  const { ready, rpc, chainId } = await startChain(port ?? 0, id)
  process.send?.({ ready, rpc, chainId } satisfies ChainReady)
}

import { createRequire } from 'node:module'
import { defineConfig } from 'hardhat/config'

// The compiler comes from npm: no download, the same bytes everywhere.
const soljson = createRequire(import.meta.url).resolve('solc/soljson.js')

export default defineConfig({
  solidity: {
    version: '0.8.34',
    path: soljson,
    settings: {
      evmVersion: 'cancun',
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
      metadata: { bytecodeHash: 'none' }
    }
  },
  paths: { tests: { solidity: 'test/contracts' } },
  test: {
    solidity: {
      fsPermissions: { readFile: ['test/vectors/typed-data.json', 'test/vectors/work-tree.json'] },
      fuzz: { runs: 256, seed: '0x6f70656e7365616d' },
      invariant: { runs: 64, depth: 64, failOnRevert: false }
    }
  }
})

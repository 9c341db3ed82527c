import { createRequire } from 'node:module'
import { defineConfig } from 'hardhat/config'

// The compiler comes from npm: no download, the same bytes everywhere.
const soljson = createRequire(import.meta.url).resolve('solc/soljson.js')
const compiler = { version: '0.8.34', path: soljson }
const settings = { evmVersion: 'cancun', metadata: { bytecodeHash: 'none' } } as const
const tests = {
  fsPermissions: { readFile: ['test/vectors/digests.json', 'test/vectors/typed-data.json', 'test/vectors/work-tree.json'] }
}
const seeded = { seed: '0x6f70656e7365616d' }
// `npm run soak -- invariants` can be run in parts: RUNS of the 500, each part with a SEED of its own.
const { RUNS = '500', SEED = seeded.seed } = process.env

export default defineConfig({
  solidity: {
    profiles: {
      // What the Solidity tests run: the same source without an optimiser compiles in a tenth of the time.
      default: { ...compiler, settings },
      // What is deployed (scripts/artifacts.ts). Gas, sizes and every test from outside are measured on it;
      // `hardhat test solidity --build-profile production` runs the Solidity tests on it too.
      production: {
        ...compiler,
        isolated: false,
        settings: { ...settings, viaIR: true, optimizer: { enabled: true, runs: 1_000_000 } }
      }
    }
  },
  paths: { tests: { solidity: 'test/contracts' } },
  test: {
    solidity: {
      profiles: {
        default: { ...tests, fuzz: { ...seeded, runs: 256 }, invariant: { runs: 64, depth: 64, failOnRevert: false } },
        // `npm run soak -- invariants`
        soak: { ...tests, fuzz: { seed: SEED, runs: 10_000 }, invariant: { runs: Number(RUNS), depth: 500, failOnRevert: false } }
      }
    }
  }
})

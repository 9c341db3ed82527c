import { expect } from 'chai'
import { randomOf } from '../explorer/fake-chain.ts'
import { faultPoints } from './kills/faults.ts'
import { settleKills } from './kills/kills.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

describe('a provider that is killed while it settles', () => {
  it(`neither loses nor repeats a wei, wherever it dies, SEED=${seed}`, async function () {
    this.timeout(300_000)
    const figures = await settleKills({ kills: faultPoints.length, random: randomOf(seed), tearEvery: 3, say: () => undefined })
    expect(Object.keys(figures.byPoint)).to.have.members([...faultPoints])
    expect(figures.torn).to.be.greaterThan(0)
  })
})

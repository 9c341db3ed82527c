import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { owedFor } from '../../scripts/bench/books.ts'
import { commitNow, machineNow } from '../../scripts/bench/machine.ts'
import { benchModel } from '../../scripts/bench/models.ts'
import { readFlags } from '../../scripts/bench/options.ts'
import { chance, median, medianInterval95, quantile, shuffled } from '../../scripts/bench/stats.ts'
import { tablesOf } from '../../scripts/bench/table.ts'
import { measureWire } from '../../scripts/bench/wire.ts'
import type { LegSummary } from '../../sdk/session/types.ts'

const root = join(import.meta.dirname, '../..')

describe('bench figures', () => {
  it('quantiles are values of the sample, the median of an even one lies between two', () => {
    const values = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6]
    expect([0, 0.5, 0.9, 0.99, 1].map((share) => quantile(values, share))).to.deep.equal([1, 5, 9, 10, 10])
    expect(median(values)).to.equal(5.5)
    expect(median([3, 1, 2])).to.equal(2)
    expect(quantile([], 0.5)).to.be.NaN
  })

  it('a quantile has its share of the sample at or below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const value = quantile(values, share)
          expect(values.filter((other) => other <= value).length).to.be.at.least(share * values.length)
          expect(values.filter((other) => other < value).length).to.be.below(share * values.length)
        }
      )
    )
  })

  it('the interval of a median holds it, and narrows with the sample', () => {
    const draw = chance(3)
    const sample = (count: number): number[] => Array.from({ length: count }, () => 100 + draw() * 10)
    const [few, many] = [sample(10), sample(400)]
    const [low, high] = medianInterval95(few)
    expect(low).to.be.at.most(median(few))
    expect(high).to.be.at.least(median(few))
    const [lowMany, highMany] = medianInterval95(many)
    expect(highMany - lowMany).to.be.below((high - low) / 2)
    expect(medianInterval95(few)).to.deep.equal([low, high])
  })

  it('chance repeats by its seed, and a shuffle keeps every item', () => {
    const items = Array.from({ length: 50 }, (_, i) => i)
    expect(shuffled(items, chance(1))).to.deep.equal(shuffled(items, chance(1)))
    expect(shuffled(items, chance(1))).to.not.deep.equal(shuffled(items, chance(2)))
    expect(shuffled(items, chance(1)).toSorted((a, b) => a - b)).to.deep.equal(items)
  })

  it('a table has a column for each figure, nested ones too', () => {
    const text = tablesOf({
      rows: [
        { model: 'm', gapMs: { p50: 3, max: 12 } },
        { model: 'long', gapMs: { p50: 1 }, extra: [1, 2] }
      ],
      books: { exact: true }
    })
    expect(text).to.equal(
      [
        'rows',
        '| model | gapMs p50 | gapMs max | extra  |',
        '| m     | 3         | 12        |        |',
        '| long  | 1         |           | 1 to 2 |',
        '',
        'books: {"exact":true}'
      ].join('\n')
    )
  })

  it('says what it was measured on', () => {
    expect(machineNow()).to.include.keys('cpu', 'cores', 'memoryGB', 'platform', 'node', 'load')
    expect(commitNow()).to.match(/^([0-9a-f]{12}(-dirty)?|unknown)$/)
  })
})

describe('bench command line', () => {
  const names = ['takeover', 'decode']

  it('reads flags', () => {
    const flags = readFlags(
      [
        'takeover',
        '--quick',
        '--trials',
        '12',
        '--tier',
        'prefill',
        '--model',
        'seam-chat',
        '--fault',
        'silence',
        '--threads',
        '2'
      ],
      names
    )
    const expected = {
      name: 'takeover',
      json: false,
      quick: true,
      trials: 12,
      threads: 2,
      tier: 'prefill',
      model: 'seam-chat',
      fault: 'silence',
      home: undefined
    }
    expect(flags).to.deep.equal(expected)
    expect(readFlags(['decode'], names)).to.include({ quick: false, trials: undefined, tier: undefined, fault: 'kill' })
  })

  it('refuses what it does not know', () => {
    const wrong = [
      [],
      ['nobody'],
      ['takeover', 'decode'],
      ['takeover', '--tier', 'cold'],
      ['takeover', '--trials', '0'],
      ['takeover', '--fast']
    ]
    for (const args of [
      ...wrong,
      ['takeover', '--model', 'gpt'],
      ['takeover', '--fault', 'rain'],
      ['takeover', '--trials', 'many'],
      ['takeover', '--threads', '1.5']
    ]) {
      expect(() => readFlags(args, names), args.join(' ')).to.throw()
    }
  })

  it('an unknown name ends with 2 and lists those there are', () => {
    const args = ['--conditions=source', 'scripts/bench/main.ts', 'nobody']
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(status).to.equal(2)
    expect(stdout).to.equal('')
    for (const name of ['takeover', 'decode', 'replication', 'placement', 'settle']) expect(stderr).to.include(name)
  })

  it('prints one JSON object last', () => {
    const args = ['--conditions=source', 'scripts/bench/main.ts', 'placement', '--quick', '--json']
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(status).to.equal(0)
    const told = JSON.parse(stdout) as { bench: string; results: { microseconds: Record<string, number> } }
    expect(told).to.include.keys('bench', 'machine', 'commit', 'results')
    expect(told.bench).to.equal('placement')
    expect(Object.keys(told.results.microseconds)).to.deep.equal(['10', '1000', '100000'])
    for (const value of Object.values(told.results.microseconds)) expect(value).to.be.above(0)
  }).timeout(60_000)
})

describe('bench material', () => {
  it('prompts have exactly the length asked for, repeat by their seed, and differ by it', async () => {
    const { prompt } = await benchModel('seam-chat')
    for (const length of [64, 300, 900]) {
      expect(prompt(length, 1)).to.have.length(length)
      expect(prompt(length, 1)).to.deep.equal(prompt(length, 1))
    }
    const starts = new Set([1, 2, 3, 4, 5, 6].map((seed) => prompt(300, seed).join()))
    expect(starts.size).to.be.above(3)
  })

  const leg = (from: number, to: number, account: string): LegSummary => ({
    leg: 0,
    provider: account,
    account: account as `0x${string}`,
    from,
    to,
    resumed: 'none',
    kept: 0,
    recomputed: 0,
    exact: true,
    gapMs: 0,
    end: 'finished',
    price: { prompt: 3n, completion: 5n },
    amount: 0n,
    receipts: []
  })

  it('owes the prompt once, to the first that served, and each token to who made it', () => {
    const legs = [leg(0, 0, '0xdead'), leg(0, 10, '0xa'), leg(10, 25, '0xb'), leg(25, 30, '0xa')]
    expect([...owedFor(legs, 100)]).to.deep.equal([
      ['0xa', 300n + 50n + 25n],
      ['0xb', 75n]
    ])
    expect([...owedFor([leg(0, 0, '0xa')], 100)]).to.deep.equal([])
  })

  it('counts the bytes that really travel: a little more than the cells, whose padding is known', async () => {
    const { wireRatio, padRatio } = await measureWire(100_000, 3)
    expect(padRatio).to.equal(131_072 / 100_000)
    expect(wireRatio).to.be.within(1.000_1, 1.1)
  })
})

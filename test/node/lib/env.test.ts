import { createRequire } from 'node:module'
import { expect } from 'chai'
import { Command } from 'commander'
import { SeamError } from 'openseam/protocol/errors'
import { envName, flagsOf, runProgram } from '../../../node/lib/env.ts'

/** The zod that the node itself uses; another version may lie where this test stands. */
const { z } = createRequire(new URL('../../../node/package.json', import.meta.url))('zod') as any

const schema = z.object({
  port: z.coerce.number({ error: 'expected a port' }).int().max(65_535, { error: 'expected a port' }).min(0),
  paceLimit: z.coerce.number().optional(),
  tier: z.enum(['warm', 'prefill'], { error: 'expected one of warm, prefill' }),
  json: z.boolean().default(false)
})

/** Runs `openseam serve ...args`; gives the exit code, what the command saw and what went to stderr. */
const run = async (args: string[], env: Record<string, string> = {}, act: () => void = () => undefined) => {
  let seen: unknown
  let errors = ''
  const program = new Command('openseam').configureOutput({ writeErr: (text) => (errors += text), writeOut: () => undefined })
  program
    .command('serve')
    .option('--port <port>', 'port', '80')
    .option('--pace-limit <count>', 'pace')
    .option('--tier <tier>', 'tier', 'warm')
    .option('--json', 'json')
    .action((_, command: Command) => {
      seen = flagsOf(command, schema)
      act()
    })
  Object.assign(process.env, env)
  try {
    const code = await runProgram(program, ['node', 'openseam', 'serve', ...args])
    return { code, seen, errors }
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
  }
}

describe('flags', () => {
  it('take their value from the line, then from the environment, then from the default', async () => {
    const env = { OPENSEAM_PORT: '81', OPENSEAM_PACE_LIMIT: '40', OPENSEAM_TIER: 'prefill' }
    expect((await run([])).seen).to.deep.equal({ port: 80, tier: 'warm', json: false })
    expect((await run([], env)).seen).to.deep.equal({ port: 81, paceLimit: 40, tier: 'prefill', json: false })
    expect((await run(['--port', '0'], env)).seen).to.deep.include({ port: 0, tier: 'prefill' })
  })

  it('a bare flag is on by 1 and off by 0', async () => {
    for (const [value, json] of [
      ['1', true],
      ['true', true],
      ['0', false],
      ['false', false],
      ['', false]
    ] as const) {
      expect((await run([], { OPENSEAM_JSON: value })).seen, value).to.deep.include({ json })
    }
    expect(envName('portBase')).to.equal('OPENSEAM_PORT_BASE')
  })

  it('misuse names the flag and exits with 2', async () => {
    for (const [args, says] of [
      [['--port', 'x'], /--port: expected a port/],
      [['--port', '65536'], /--port: expected a port/],
      [['--tier', 'hot'], /--tier: expected one of warm, prefill/],
      [['--nonsense'], /unknown option/]
    ] as const) {
      const { code, errors } = await run([...args])
      expect(code).to.equal(2)
      expect(errors).to.match(says)
    }
    expect((await run([], { OPENSEAM_PORT: '-1' })).code).to.equal(2)
  })

  it('help exits with 0, a failure with 1', async () => {
    expect((await run(['--help'])).code).to.equal(0)
    const write = process.stderr.write
    let said = ''
    process.stderr.write = ((text: string) => Boolean((said += text))) as typeof write
    try {
      const failed = await run([], {}, () => {
        throw new SeamError('CHAIN_DOWN', 'no chain at 8545')
      })
      expect(failed.code).to.equal(1)
    } finally {
      process.stderr.write = write
    }
    expect(said).to.equal('CHAIN_DOWN: no chain at 8545\n')
  })
})

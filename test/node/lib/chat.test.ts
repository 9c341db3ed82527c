import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { type GatewayServer, serveGateway } from '../../../node/gateway/index.ts'
import { type FakeClient, finish, moved, noProvider, type Script, token } from '../gateway/fake-client.ts'
import { harness } from '../gateway/harness.ts'

const told: Script = {
  steps: [[token(0, 'Once ')], [token(1, 'upon')], [moved, token(2, ' a time', 1)], [token(3, '', 1), finish()]]
}

interface Said {
  code: number | null
  out: string
  err: string
}

describe('openseam chat', () => {
  let server: GatewayServer
  let client: FakeClient
  let home = ''

  const serve = async (script: Script): Promise<void> => {
    const made = harness(script)
    client = made.client
    server = await serveGateway(made.app, { host: '127.0.0.1', port: 0 })
    home = await mkdtemp(join(tmpdir(), 'openseam-chat-'))
    await writeFile(join(home, 'devnet.json'), JSON.stringify({ gateway: server.url, model: 'seam-chat' }))
  }
  afterEach(async () => {
    await server.close(0)
    await rm(home, { recursive: true })
  })

  const start = (...args: string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [
      '--conditions=source',
      join(import.meta.dirname, 'fixtures/chat.ts'),
      'chat',
      '--home',
      home,
      ...args
    ])
  const end = async (child: ChildProcessWithoutNullStreams): Promise<Said> => {
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    const [code] = await once(child, 'close')
    return { code, out, err }
  }
  const run = (...args: string[]): Promise<Said> => {
    const child = start(...args)
    child.stdin.end()
    return end(child)
  }

  it('answers one message: the text on stdout, the switch and the bill on stderr', async () => {
    await serve(told)
    const { code, out, err } = await run('--message', 'Tell me', '--seed', '7', '--max-tokens', '50')
    expect([code, out]).to.deep.equal([0, 'Once upon a time\n'])
    expect(err).to.include('— provider 12D3KooWA1 gone, 12D3KooWB2 took over: 412 kept, 19 recomputed, 38 ms —')
    expect(err).to.include('4 tokens by 12D3KooWA1, then 12D3KooWB2, 246913.578024691357802468 OPEN')
    expect(client.requests[0]).to.deep.include({ maxTokens: 50, messages: [{ role: 'user', content: 'Tell me' }] })
  })

  it('is quiet, or speaks JSON, when told', async () => {
    await serve(told)
    expect(await run('--message', 'x', '--quiet')).to.deep.equal({ code: 0, out: 'Once upon a time\n', err: '' })
    const { out } = await run('--message', 'x', '--json', '--quiet')
    expect(JSON.parse(out)).to.deep.include({ text: 'Once upon a time', finish: 'stop' })
    expect(JSON.parse(out).openseam.legs).to.have.length(2)
  })

  it('keeps the session and the conversation across turns', async () => {
    await serve(told)
    const child = start('--quiet', '--system', 'Be brief')
    child.stdin.end('first\n\nsecond\n/exit\nnever\n')
    expect((await end(child)).out).to.equal('Once upon a time\nOnce upon a time\n')
    expect(client.requests.map(({ session }) => session)).to.deep.equal([undefined, 'handle-1'])
    expect(client.requests[1]?.messages).to.deep.equal([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'Once upon a time' },
      { role: 'user', content: 'second' }
    ])
  })

  it('Ctrl-C stops the answer; in one-shot mode that is the end', async () => {
    await serve({ steps: [[token(0, 'Once ')], 60_000] })
    const child = start('--message', 'x')
    const ended = end(child)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { out, err } = await ended
    expect(out).to.equal('Once \n')
    expect(err).to.include('stopped')
    expect(client.cancelled).to.deep.equal(['handle-1'])
  })

  it('says what is wrong, and goes on talking', async () => {
    await serve({ refuse: noProvider() })
    const failed = await run('--message', 'x')
    expect([failed.code, failed.out]).to.deep.equal([1, ''])
    expect(failed.err).to.equal('NO_PROVIDER: No provider can serve this.\n  12D3KooWA1: NO_SLOT all 4 slots are taken\n')
    client.play({ steps: [[token(0, 'A')], new SeamError('NET_CLOSED', 'gone')] })
    const child = start()
    child.stdin.end('one\ntwo\n')
    const { code, err } = await end(child)
    expect(code).to.equal(0)
    expect(err.match(/NET_CLOSED: gone/g)).to.have.length(2)
  })

  it('says where it looked when there is no devnet, and exits with 2 on bad flags', async () => {
    await serve(told)
    const { code, err } = await run('--home', '/nonexistent', '--message', 'x')
    expect(code).to.equal(1)
    expect(err).to.match(/^CONFIG: no devnet runs under \/nonexistent/)
    expect((await run('--temperature', 'hot')).code).to.equal(2)
    expect((await run('--gateway', 'nonsense')).code).to.equal(2)
  })
}).timeout(20_000)

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SeamError } from 'openseam/protocol/errors'
import { createLog } from '../../../node/lib/log.ts'
import { redact } from '../../../node/lib/redact.ts'

describe('log', () => {
  it('hides what people wrote and what opens doors, at any depth', () => {
    const hidden = redact({
      prompt: 'tell me',
      messages: [{ content: 'x' }],
      sessionKey: '0x1',
      apiKey: 'k',
      nested: { deep: [{ mnemonic: 'a b c', text: 'x' }] },
      authorization: 'Bearer x',
      privateKey: 'p',
      epochKeys: ['a'],
      root: new Uint8Array(32),
      password: 'p'
    })
    expect(JSON.stringify(hidden)).not.to.match(/tell|"x"|0x1|"k"|a b c|Bearer|"p"|"a"/)
    expect(hidden['root']).to.equal('32 bytes')
  })

  it('keeps what helps', () => {
    const fields = {
      peer: '12D3',
      leg: 2,
      promptTokens: 30,
      providerPeerKey: 1,
      peerKey: '0xaa',
      publicKey: '0xbb',
      modelKey: 'm',
      amount: 12n
    }
    expect(redact(fields)).to.deep.equal({ ...fields, amount: '12' })
  })

  it('survives what JSON does not: loops, errors with causes', () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    expect(() => JSON.stringify(redact(loop))).not.to.throw()
    const error = new SeamError('NO_PROVIDER', 'none', { cause: new Error('below'), detail: { prompt: 'tell' } })
    const shown = JSON.stringify(redact({ error }))
    expect(shown).to.include('NO_PROVIDER').and.include('below').and.not.include('tell')
  })

  it('writes a JSON object a line to a private file, at once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'openseam-log-'))
    const file = join(dir, 'logs', 'provider.log')
    const log = createLog({ name: 'provider', level: 'info', file })
    log.debug({ a: 1 }, 'not wanted')
    log.info({ leg: 1, secret: 'x' }, 'opened')
    const [line, rest] = (await readFile(file, 'utf8')).split('\n')
    expect(rest).to.equal('')
    expect(JSON.parse(line ?? '')).to.deep.include({ level: 'info', name: 'provider', leg: 1, secret: '[hidden]', msg: 'opened' })
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    await rm(dir, { recursive: true })
  })
})

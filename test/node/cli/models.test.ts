import { expect } from 'chai'
import { embeddedModel } from '../../../node/cli/devnet.ts'
import { modelsCommand } from '../../../node/cli/models.ts'
import { loadServedModel } from '../../../node/provider/served-model.ts'
import { parseAddress } from '../../../sdk/protocol/eth.ts'
import { type Ran, runCommand } from '../lib/run-command.ts'

const dir = embeddedModel()
const payee = parseAddress(`0x${'ab'.repeat(20)}`)

describe('openseam models', function () {
  this.timeout(60_000)
  const run = (...args: string[]): Promise<Ran> => runCommand(modelsCommand, ['models', ...args])

  it('says under which id a directory is served, with and without royalties', async () => {
    const { modelId, manifestHash } = await loadServedModel(dir)
    const { code, out } = await run('verify', dir, '--json')
    expect(code).to.equal(0)
    const told = JSON.parse(out)
    expect(told).to.include({ modelId, manifestHash }).and.not.have.property('isIt')
    expect(told.files.map(({ path }: { path: string }) => path)).to.include('config.json')
    const shared = JSON.parse((await run('verify', dir, '--royalties', `${payee}=5`, '--json')).out)
    expect(shared.modelId).to.equal((await loadServedModel(dir, { payees: [payee], bps: [5] })).modelId)
    expect(shared).to.include({ manifestHash }).and.not.include({ modelId })
  })

  it('ends with 1 where it is another than it has to be, or none', async () => {
    const { modelId } = await loadServedModel(dir)
    expect((await run('verify', dir, '--is', modelId.toUpperCase().replace('0X', '0x'))).code).to.equal(0)
    const other = await run('verify', dir, '--is', `0x${'11'.repeat(32)}`)
    expect(other.code).to.equal(1)
    expect(other.err).to.include('This is not 0x1111')
    const none = await run('verify', '/nowhere')
    expect(none.code).to.equal(1)
    expect(none.err).to.include('MODEL_FILE_MISSING')
  })

  it('runs one small answer', async () => {
    const { code, out } = await run('bench', dir, '--json')
    expect(code).to.equal(0)
    const { name, read, written } = JSON.parse(out)
    expect(name).to.equal('seam-chat')
    expect(Math.min(read, written)).to.be.above(0)
  })
})

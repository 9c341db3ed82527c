import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { DeploymentFiles } from '../../scripts/deploy/journal.ts'
import { type DeployStart, planDeploy } from '../../sdk/chain/index.ts'
import { parseAddress } from '../../sdk/protocol/eth.ts'
import { codeOfRejection } from '../sdk/session/support.ts'

const from = parseAddress(`0x${'a1'.repeat(20)}`)
const start: DeployStart = { chainId: 7, from, nonce: 0, block: 1, plan: `0x${'00'.repeat(32)}` }
const { deployment } = planDeploy(from, 0, 7)

describe('the files of a deployment', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'openseam-journal-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('let one of two runs begin', async () => {
    const [one, other] = [new DeploymentFiles(dir, 7), new DeploymentFiles(dir, 7)]
    await one.begin(start)
    expect(await codeOfRejection(other.begin({ ...start, nonce: 6 }))).to.equal('CONFIG')
    expect(await one.read()).to.include({ nonce: 0 })
  })

  it('let nobody begin what another run has ended since it was looked for', async () => {
    const [one, other] = [new DeploymentFiles(dir, 7), new DeploymentFiles(dir, 7)]
    expect(await other.result()).to.equal(null)
    await one.begin(start)
    await one.end(deployment)
    expect(await codeOfRejection(other.begin({ ...start, nonce: 6 }))).to.equal('CONFIG')
    expect(await one.result()).to.include({ ledger: deployment.ledger, nonce: 0 })
    expect(readdirSync(dir)).to.deep.equal(['7.json'])
  })
})

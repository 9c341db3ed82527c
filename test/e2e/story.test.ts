/** The story that `openseam devnet --story` tells is its own judge: it exits with 0 only if nothing was lost and every sum is exact. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { commandModule } from '../../node/devnet/children.ts'
import { PACE } from './lib/market.ts'

describe('openseam devnet --story', () => {
  const home = mkdtempSync(join(tmpdir(), 'openseam-e2e-'))
  after(() => rmSync(home, { recursive: true, force: true }))

  const story = async (...more: string[]): Promise<string> => {
    const flags = ['--story', '--home', home, '--port-base', '0', '--pace', String(PACE), ...more]
    const args = [...process.execArgv, commandModule, 'devnet', ...flags]
    const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, args, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr })
      )
    })
    expect(code, `${stdout}\n${stderr}`).to.equal(0)
    return stdout
  }

  it('exits with 0', async () => {
    expect(await story())
      .to.include('kill -9')
      .and.include('the same text, token for token')
      .and.include('kept')
  })

  it('is the same story where $OPEN is the coin of the chain', async () => {
    expect(await story('--native', '--providers', '3'))
      .to.include('the same text, token for token')
      .and.include('Legs add up to')
  })
})

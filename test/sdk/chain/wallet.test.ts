import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Wallet as EthersWallet } from 'ethers'
import { decryptWallet, encryptWallet, randomWallet, walletFromHex } from '../../../sdk/chain/wallet.ts'
import { createWalletFile, openWalletFile } from '../../../sdk/chain/wallet-file.ts'
import { bytesToHex } from '../../../sdk/protocol/eth.ts'

describe('wallet', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openseam-wallet-'))
  })
  after(() => rm(folder, { recursive: true }))

  const failure = async (act: Promise<unknown>): Promise<{ code: string; message: string }> =>
    act.then(
      () => ({ code: 'none', message: '' }),
      (e) => e
    )

  it('is a keystore that other wallets read', async () => {
    const wallet = randomWallet()
    const json = await encryptWallet(wallet, 'secret', { light: true })
    expect((await EthersWallet.fromEncryptedJson(json, 'secret')).address.toLowerCase()).to.equal(wallet.address)
    expect(await decryptWallet(json, 'secret')).to.deep.equal(wallet)
    expect(json).to.not.include(bytesToHex(wallet.secretKey).slice(2))
    expect((await failure(decryptWallet(json, 'wrong'))).code).to.equal('KEYSTORE')
    expect((await failure(decryptWallet('{}', 'secret'))).code).to.equal('KEYSTORE')
  })

  it('lives in a file for its owner only, and is never overwritten', async () => {
    const path = join(folder, 'wallet.json')
    const wallet = await createWalletFile(path, 'secret', { light: true })
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    expect(await openWalletFile(path, 'secret')).to.deep.equal(wallet)
    const before = await readFile(path, 'utf8')
    expect((await failure(createWalletFile(path, 'other', { light: true }))).code).to.equal('KEYSTORE')
    expect(await readFile(path, 'utf8')).to.equal(before)
    const given = randomWallet()
    const other = join(folder, 'given.json')
    expect(await createWalletFile(other, '', { light: true, wallet: given })).to.deep.equal(given)
    expect(await openWalletFile(other, '')).to.deep.equal(given)
  })

  it('refuses files that others can read, and says what to do', async () => {
    const path = join(folder, 'open.json')
    await createWalletFile(path, 'secret', { light: true })
    await chmod(path, 0o644)
    const error = await failure(openWalletFile(path, 'secret'))
    expect(error.code).to.equal('KEYSTORE')
    expect(error.message).to.include('chmod 600')
  })

  it('refuses what is missing, empty or no key', async () => {
    expect((await failure(openWalletFile(join(folder, 'none.json'), ''))).code).to.equal('KEYSTORE')
    const empty = join(folder, 'empty.json')
    await writeFile(empty, '', { mode: 0o600 })
    expect((await failure(openWalletFile(empty, ''))).code).to.equal('KEYSTORE')
    expect((await failure(createWalletFile(join(folder, 'no/such/folder.json'), '', { light: true }))).code).to.equal('KEYSTORE')
    for (const bad of ['', '0x', '0x00', 'zz']) expect(() => walletFromHex(bad), bad).to.throw('64 hex digits')
    expect(() => walletFromHex(`0x${'00'.repeat(32)}`)).to.throw()
  })
})

/** Keystore files: readable by their owner only, never overwritten. Node only; a browser keeps the JSON itself. */
import { constants } from 'node:fs'
import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { SeamError } from '../protocol/errors.ts'
import { type Address, parseAddress } from '../protocol/eth.ts'
import { decryptWallet, encryptWallet, type KeystoreOptions, randomWallet, type Wallet } from './wallet.ts'

const OTHERS = constants.S_IRWXG | constants.S_IRWXO

/** Makes a new account (or stores `wallet`) at `path`. Refuses to replace a file: a lost key is lost money. */
export const createWalletFile = async (
  path: string,
  password: string,
  options: KeystoreOptions & { wallet?: Wallet } = {}
): Promise<Wallet> => {
  const wallet = options.wallet ?? randomWallet()
  const json = await encryptWallet(wallet, password, options)
  try {
    const placeholder = await open(path, 'wx', 0o600)
    await placeholder.close()
  } catch (cause) {
    throw new SeamError('KEYSTORE', `cannot create ${path}: it exists, or the folder cannot be written`, { cause })
  }
  // Written whole beside it and renamed over: a crash leaves an empty file, never half a key.
  const temporary = `${path}.new`
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${json}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await unlink(path).catch(() => undefined)
    throw new SeamError('KEYSTORE', `cannot write ${path}`, { cause })
  }
  return wallet
}

/** Whose key a keystore holds, which it says openly. Throws KEYSTORE. */
export const walletFileAccount = async (path: string): Promise<Address> => {
  try {
    const { address } = JSON.parse(await readFile(path, 'utf8')) as { address: string }
    return parseAddress(`0x${address.replace(/^0x/, '')}`)
  } catch (cause) {
    throw new SeamError('KEYSTORE', `${path} is no keystore that names its account`, { cause })
  }
}

export const openWalletFile = async (path: string, password: string): Promise<Wallet> => {
  let json: string
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new SeamError('KEYSTORE', `${path} can be read by others: run chmod 600 ${path}`)
    }
    json = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof SeamError) throw cause
    throw new SeamError('KEYSTORE', `cannot read the keystore ${path}`, { cause })
  }
  return decryptWallet(json, password)
}

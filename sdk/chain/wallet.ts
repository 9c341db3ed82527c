/** One account's secret key, kept in the Ethereum keystore format (scrypt, version 3) that other wallets read. */
import { decryptKeystoreJson, encryptKeystoreJson, isKeystoreJson } from 'ethers'
import { SeamError } from '../protocol/errors.ts'
import { type Address, addressOf, bytesToHex, checksumAddress, hexToBytes, randomSecretKey } from '../protocol/eth.ts'

export interface Wallet {
  address: Address
  secretKey: Uint8Array
}

export interface KeystoreOptions {
  /** A devnet's throw-away keys: 2^12 rounds instead of 2^17, milliseconds instead of seconds. Never for money. */
  light?: boolean
}

const SCRYPT_N = 2 ** 17
const SCRYPT_N_LIGHT = 2 ** 12

export const randomWallet = (): Wallet => walletOf(randomSecretKey())

export const walletOf = (secretKey: Uint8Array): Wallet => ({ address: addressOf(secretKey), secretKey })

export const walletFromHex = (secretKey: string): Wallet => {
  try {
    return walletOf(hexToBytes(secretKey.trim(), 32))
  } catch (cause) {
    throw new SeamError('KEYSTORE', 'a secret key is 0x and 64 hex digits', { cause })
  }
}

export const encryptWallet = (wallet: Wallet, password: string, options: KeystoreOptions = {}): Promise<string> =>
  encryptKeystoreJson({ address: checksumAddress(wallet.address), privateKey: bytesToHex(wallet.secretKey) }, password, {
    scrypt: { N: options.light ? SCRYPT_N_LIGHT : SCRYPT_N }
  })

export const decryptWallet = async (json: string, password: string): Promise<Wallet> => {
  if (!isKeystoreJson(json)) throw new SeamError('KEYSTORE', 'this is no keystore (version 3): check the file')
  try {
    return walletFromHex((await decryptKeystoreJson(json, password)).privateKey)
  } catch (cause) {
    throw new SeamError('KEYSTORE', 'the keystore does not open with this password', { cause })
  }
}

/**
 * The wallets an app may bring: a secret key, an encrypted keystore, any ethers Signer, or a browser wallet (EIP-1193). The last two
 * ask a person for every signature, so they name a session key once and are not asked again.
 */
import { SeamError } from '../protocol/errors.ts'
import { type Address, bytesToHex, type Hex, hexToBytes, parseAddress } from '../protocol/eth.ts'
import { hexQuantity } from './rpc.ts'
import { keySigner, type TxSigner, type UnsignedTx } from './tx.ts'
import { decryptWallet, walletFromHex, walletOf } from './wallet.ts'

/** What a browser wallet gives a page: `window.ethereum`, or a provider that it announced. */
export interface Eip1193Provider {
  request(args: { method: string; params?: unknown[] }): Promise<unknown>
}

/** The part of an ethers v6 Signer that is used. */
export interface EthersSigner {
  getAddress(): Promise<string>
  signMessage(message: string): Promise<string>
  sendTransaction(tx: { to: string | null; data: string; value: bigint; gasLimit: number }): Promise<{ hash: string }>
  signTransaction(tx: UnsignedTx): Promise<string>
  readonly provider: object | null
}

export type AnyWallet =
  | { secretKey: Uint8Array | Hex }
  /** Version 3 JSON, as other wallets write it. */
  | { keystore: string; password: string }
  | { provider: Eip1193Provider; account?: Address }
  | Eip1193Provider
  | EthersSigner

export interface OpenWallet {
  readonly account: Address
  /** Null: the key is elsewhere, and a person may be asked for each signature. */
  readonly secretKey: Uint8Array | null
  readonly signer: TxSigner
  /** 65 bytes over a text as EIP-191 frames it. */
  signText(text: string): Promise<Uint8Array>
}

/** Throws KEYSTORE for a key or password that does not fit, CONFIG for a wallet on another chain, CANCELLED when its owner says no. */
export const openWallet = async (wallet: AnyWallet, chainId: number): Promise<OpenWallet> => {
  if ('secretKey' in wallet) return keyWallet(wallet.secretKey)
  if ('keystore' in wallet) return keyWallet((await decryptWallet(wallet.keystore, wallet.password)).secretKey)
  if ('getAddress' in wallet) return ethersWallet(wallet)
  if ('request' in wallet) return browserWallet(wallet, undefined, chainId)
  if ('provider' in wallet && wallet.provider !== null) return browserWallet(wallet.provider, wallet.account, chainId)
  throw new SeamError('CONFIG', 'wallet: give {secretKey}, {keystore, password}, an ethers Signer or an EIP-1193 provider')
}

const keyWallet = (key: Uint8Array | Hex): OpenWallet => {
  const { address, secretKey } = typeof key === 'string' ? walletFromHex(key) : walletOf(key)
  const signText = (): Promise<never> => Promise.reject(new SeamError('INTERNAL', 'a key in this process signs by itself'))
  return { account: address, secretKey, signer: keySigner(secretKey), signText }
}

const ethersWallet = async (signer: EthersSigner): Promise<OpenWallet> => {
  const address = (await signer.getAddress()).toLowerCase() as Address
  return {
    account: address,
    secretKey: null,
    // A signer that is connected to nothing still signs; then the transaction goes by our own way.
    signer:
      signer.provider === null
        ? { address, sign: (tx) => asked(signer.signTransaction(tx)) }
        : { address, submit: async (tx) => (await asked(signer.sendTransaction(tx))).hash as Hex },
    signText: async (text) => hexToBytes(await asked(signer.signMessage(text)), 65)
  }
}

const browserWallet = async (provider: Eip1193Provider, wanted: Address | undefined, chainId: number): Promise<OpenWallet> => {
  const request = (method: string, params: unknown[] = []): Promise<unknown> => asked(provider.request({ method, params }))
  const accounts = ((await request('eth_requestAccounts')) as string[]).map((text) => text.toLowerCase() as Address)
  const account = wanted === undefined ? accounts[0] : accounts.find((address) => address === parseAddress(wanted))
  if (account === undefined)
    throw new SeamError('CONFIG', `the browser wallet does not share ${wanted ?? 'any account'} with this page`)
  const theirs = Number(await request('eth_chainId'))
  if (theirs !== chainId) {
    throw new SeamError('CONFIG', `the browser wallet is on chain ${theirs}, the market on ${chainId}: switch its network`)
  }
  return {
    account,
    secretKey: null,
    signer: {
      address: account,
      submit: async ({ to, data, value, gasLimit }) =>
        (await request('eth_sendTransaction', [
          { from: account, to, data, value: hexQuantity(value), gas: hexQuantity(gasLimit) }
        ])) as Hex
    },
    signText: async (text) =>
      hexToBytes((await request('personal_sign', [bytesToHex(new TextEncoder().encode(text)), account])) as string, 65)
  }
}

/** 4001 and ACTION_REJECTED: the person said no, which is no fault. Wallets put what they like in their errors, so only this is read. */
const asked = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    const { code } = (typeof cause === 'object' && cause !== null ? cause : {}) as { code?: unknown }
    if (code === 4001 || code === 'ACTION_REJECTED') throw new SeamError('CANCELLED', 'the wallet’s owner said no')
    throw new SeamError(
      'CONFIG',
      `the wallet failed${typeof code === 'number' || typeof code === 'string' ? ` (${code})` : ''}`,
      { cause }
    )
  })

/**
 * The key that signs vouchers. A secret key signs by itself. For a wallet that asks its owner each time, an app makes a session key of
 * its own, keeps it sealed under a signature of the wallet, and has it named on the ledger once; from then on nobody is asked.
 */
import type { OpenWallet } from '../chain/index.ts'
import type { LedgerClient } from '../chain/ledger.ts'
import type { Rng, Store } from '../components.ts'
import { codeOf, SeamError } from '../protocol/errors.ts'
import { addressOf, keccak256 } from '../protocol/eth.ts'
import type { TypedDomain } from '../protocol/typed-data.ts'
import { openLog, sealLog } from '../session/keys.ts'

const keyName = (account: string): string => `wk:${account}`

/** Readable in the wallet's window. It binds the seal to one market, so that another site's request for it would show another text. */
const unlockText = ({ chainId, ledger }: TypedDomain, account: string): string =>
  `openseam: unlock the session key that this app keeps for ${account}.\nThis moves no money.\n\nLedger ${ledger} on chain ${chainId}`

export interface SessionKeyInit {
  wallet: OpenWallet
  domain: TypedDomain
  store: Store
  rng: Rng
  /** The caller keeps its own. */
  given?: Uint8Array
}

/** 32 bytes. The wallet's own key where there is one; else the stored session key, or a new one. */
export const sessionKeyOf = async ({ wallet, domain, store, rng, given }: SessionKeyInit): Promise<Uint8Array> => {
  if (given !== undefined) {
    addressOf(given) // throws for what is no key
    return given
  }
  if (wallet.secretKey !== null) return wallet.secretKey
  const name = keyName(wallet.account)
  const sealKey = keccak256(await wallet.signText(unlockText(domain, wallet.account)))
  const sealed = await store.get(name)
  if (sealed !== undefined) {
    try {
      return await openLog(sealKey, sealed, name)
    } catch (cause) {
      const why =
        'the session key in this store does not open: the wallet signs differently each time, so pass `sessionKey` yourself'
      throw codeOf(cause) === 'STORE_CORRUPT' ? new SeamError('KEYSTORE', why, { cause }) : cause
    }
  }
  const secretKey = rng.bytes(32)
  await store.batch([{ put: name, value: await sealLog(sealKey, secretKey, name) }], { durable: true })
  return secretKey
}

/** Names the key on the ledger when it is not yet. One transaction an account's life; providers take its signatures at once. */
export const authorise = async (ledger: LedgerClient, account: string, secretKey: Uint8Array): Promise<void> => {
  const key = addressOf(secretKey)
  const { signer } = await ledger.account(account as `0x${string}`)
  if (signer === key || (signer === null && key === account)) return
  await ledger.setSigner(key)
}

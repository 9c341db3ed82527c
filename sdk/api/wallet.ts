/** The account's money: what is in escrow, what is outside it, and the way in and out. */
import { currencyBalance, type LedgerClient } from '../chain/index.ts'
import { parseOpen, type Wei } from '../protocol/amounts.ts'
import type { Address, Hex } from '../protocol/eth.ts'

/** Wei as a bigint, or OPEN as a decimal string: `'1.5'`. Never a number: floats do not hold money. */
export type Amount = Wei | string

export const weiOf = (amount: Amount): Wei => (typeof amount === 'bigint' ? amount : parseOpen(amount))

export interface Balance {
  /** Wei in the ledger: what answers are paid from. */
  escrow: Wei
  /** Wei of OPEN in the account itself. */
  outside: Wei
  /** A withdrawal under way; null when there is none. */
  leaving: { amount: Wei; readyAt: Date } | null
}

export interface WalletParts {
  account: Address
  ledger: LedgerClient
  /** Waits until the wallet may act on this ledger. */
  authorised(): Promise<void>
}

export class WalletApi {
  readonly #parts: () => Promise<WalletParts>

  constructor(parts: () => Promise<WalletParts>) {
    this.#parts = parts
  }

  async address(): Promise<Address> {
    return (await this.#parts()).account
  }

  async balance(): Promise<Balance> {
    const { account, ledger } = await this.#parts()
    const [{ balance }, exit, outside] = await Promise.all([
      ledger.account(account),
      ledger.exit(account),
      currencyBalance(ledger.rpc, ledger.deployment, account)
    ])
    const leaving = exit.readyAt === 0 ? null : { amount: exit.amount, readyAt: new Date(exit.readyAt * 1000) }
    return { escrow: balance, outside, leaving }
  }

  /** Approves where the currency asks for it, then moves OPEN into escrow. Returns the transaction. */
  async deposit(amount: Amount): Promise<Hex> {
    const { account, ledger } = await this.#parts()
    return (await ledger.deposit(account, weiOf(amount))).hash
  }

  /**
   * Begins to take money out. Providers who were promised it may still settle until `readyAt`; after that call `finishWithdraw`. While
   * it lasts, providers count only what is prefunded.
   */
  async withdraw(amount: Amount): Promise<{ amount: Wei; readyAt: Date }> {
    const { account, ledger } = await this.#parts()
    await ledger.startExit(weiOf(amount))
    const exit = await ledger.exit(account)
    return { amount: exit.amount, readyAt: new Date(exit.readyAt * 1000) }
  }

  async cancelWithdraw(): Promise<Hex> {
    return (await (await this.#parts()).ledger.cancelExit()).hash
  }

  /** Pays out what `withdraw` began. Throws CHAIN_REVERTED before its time. */
  async finishWithdraw(): Promise<Hex> {
    return (await (await this.#parts()).ledger.finishExit()).hash
  }

  /** Names the session key on the ledger now rather than before the first paid request: one signature of the wallet. */
  async authorise(): Promise<void> {
    await (await this.#parts()).authorised()
  }
}

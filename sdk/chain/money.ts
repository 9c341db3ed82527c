/** The currency of a deployment as a wallet sees it: an ERC-20 with approvals, or the chain's own coin. */
import type { Wei } from '../protocol/amounts.ts'
import { type Address, ZERO_ADDRESS } from '../protocol/eth.ts'
import { encodeCall, tokenAbi, view } from './abi.ts'
import type { Deployment } from './deploy.ts'
import type { Rpc } from './rpc.ts'
import type { Sender } from './sender.ts'
import type { TxReceipt, TxRequest } from './tx.ts'

const TOKEN_GAS = 120_000

export const isNative = ({ token }: Deployment): boolean => token === ZERO_ADDRESS

/** What an account holds outside the escrow. */
export const currencyBalance = async (rpc: Rpc, deployment: Deployment, account: Address): Promise<Wei> => {
  if (isNative(deployment)) return rpc.balance(account)
  const [balance] = await view(rpc, tokenAbi, deployment.token, 'balanceOf', [account])
  return balance as bigint
}

export const transfer = (sender: Sender, deployment: Deployment, to: Address, amount: Wei): Promise<TxReceipt> =>
  isNative(deployment)
    ? sender.send({ to, data: '0x', value: amount, gasLimit: 50_000, what: 'sending OPEN' })
    : sender.send({
        to: deployment.token,
        data: encodeCall(tokenAbi, 'transfer', [to, amount]),
        gasLimit: TOKEN_GAS,
        what: 'sending OPEN'
      })

/** Sends a call that takes `amount` from us: with the coin itself, or after an allowance of exactly what is missing. */
export const payInto = (
  sender: Sender,
  deployment: Deployment,
  amount: Wei,
  request: TxRequest & { to: Address }
): Promise<TxReceipt> => {
  if (isNative(deployment)) return sender.send({ ...request, value: amount })
  return sender.sequence(async (send) => {
    const [allowance] = await view(sender.rpc, tokenAbi, deployment.token, 'allowance', [sender.address, request.to])
    if ((allowance as bigint) < amount) {
      const data = encodeCall(tokenAbi, 'approve', [request.to, amount])
      await send({ to: deployment.token, data, gasLimit: TOKEN_GAS, what: 'approving OPEN' })
    }
    return send(request)
  })
}

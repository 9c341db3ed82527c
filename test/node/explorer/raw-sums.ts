/**
 * What the explorer adds up, added up without it: `eth_getLogs` over plain HTTP, decoded by ethers from the events as the contracts' interfaces
 * write them. Nothing of the SDK's or the index's is in here.
 */
import { Interface, type LogDescription } from 'ethers'

const ledger = new Interface([
  'event Deposited(address indexed client, address indexed from, uint96 amount)',
  'event Withdrawn(address indexed client, uint96 amount)',
  'event GroupSettled(address indexed provider, bytes32 indexed modelId, uint256 indexed batch, uint256 royalty, uint256[] clientPaid)',
  'event BatchSettled(address indexed provider, uint256 indexed batch, bytes32 root, uint256 total, uint256 count)',
  'event Claimed(address indexed provider, address indexed to, uint96 amount)',
  'event RoyaltyClaimed(bytes32 indexed modelId, uint256 indexed payee, address indexed to, uint256 amount)'
])
const registry = new Interface(['event Slashed(address indexed provider, uint96 amount)'])
const token = new Interface(['function balanceOf(address) view returns (uint256)'])

export const askNode = async (url: string, method: string, params: unknown[]): Promise<unknown> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown }
  if (error !== undefined) throw new Error(JSON.stringify(error))
  return result
}

export const balanceOf = async (url: string, currency: string, account: string): Promise<bigint> => {
  const data = token.encodeFunctionData('balanceOf', [account])
  return BigInt((await askNode(url, 'eth_call', [{ to: currency, data }, 'latest'])) as string)
}

/** What the summary adds up. */
export const totals = ['deposited', 'withdrawn', 'settled', 'royalties', 'claimed', 'slashed', 'batches', 'payments'] as const

/** Sums up to a block, by name; those of an account or a model are under `name:id`, in lower case. */
export const rawSums = async (
  url: string,
  addresses: { ledger: string; registry: string },
  lastBlock?: number
): Promise<Map<string, bigint>> => {
  const toBlock = lastBlock === undefined ? 'latest' : `0x${lastBlock.toString(16)}`
  const sums = new Map<string, bigint>()
  const add = (name: string, amount: bigint): void => void sums.set(name, (sums.get(name) ?? 0n) + amount)
  const both = (name: string, id: string, amount: bigint): void => {
    add(name, amount)
    add(`${name}:${id.toLowerCase()}`, amount)
  }
  const royalties = new Map<string, bigint>() // by batch: they come off what its provider earned
  const take = ({ name, args }: LogDescription): void => {
    if (name === 'Deposited') both('deposited', args['client'], args['amount'])
    if (name === 'Withdrawn') both('withdrawn', args['client'], args['amount'])
    if (name === 'Claimed') both('claimed', args['provider'], args['amount'])
    if (name === 'Slashed') both('slashed', args['provider'], args['amount'])
    if (name === 'RoyaltyClaimed') add('royaltiesClaimed', args['amount'])
    const batch = `${args['provider']}:${args['batch']}`
    if (name === 'GroupSettled') {
      both('royalties', args['modelId'], args['royalty'])
      royalties.set(batch, (royalties.get(batch) ?? 0n) + args['royalty'])
      for (const word of args['clientPaid'] as bigint[]) {
        both('spent', `0x${(word >> 96n).toString(16).padStart(40, '0')}`, word & ((1n << 96n) - 1n))
        add(`paid:${args['modelId']}`, word & ((1n << 96n) - 1n))
        add('payments', 1n)
      }
    }
    if (name === 'BatchSettled') {
      add('settled', args['total'])
      both('batches', args['provider'], 1n)
      both('earned', args['provider'], args['total'] - (royalties.get(batch) ?? 0n))
    }
  }
  for (const [address, events] of [[addresses.ledger, ledger] as const, [addresses.registry, registry] as const]) {
    const logs = await askNode(url, 'eth_getLogs', [{ address, fromBlock: '0x0', toBlock }])
    for (const log of logs as { topics: string[]; data: string }[]) {
      const event = events.parseLog(log)
      if (event !== null) take(event)
    }
  }
  return sums
}

/** How the market sees a provider: whether its offers reach others, whether it can be reached, and what it asks beside the rest. */
import type { Deployment, Rpc } from 'openseam/chain/index'
import { systemRng } from 'openseam/components'
import type { ModelOfferView, OfferView } from 'openseam/market/offer'
import { createHost } from 'openseam/net/host'
import { formatOpen } from 'openseam/protocol/amounts'
import type { Address, Bytes32 } from 'openseam/protocol/eth'
import { lookAround } from '../catalog/look.ts'
import { reason } from '../lib/env.ts'
import { bad, type Finding, good, warn } from './finding.ts'

const LOOK_MS = 15_000
const DIAL_MS = 5_000
const DEAR = 2n // times the cheapest

export interface MarketLook {
  rpc: Rpc
  deployment: Deployment
  account: Address
  modelId: Bytes32 | null
  bootstrap: string[]
}

export const marketFindings = async ({ rpc, deployment, account, modelId, bootstrap }: MarketLook): Promise<Finding[]> => {
  if (bootstrap.length === 0) return [{ name: 'market', state: 'unknown', says: 'nobody to ask: give --bootstrap peers' }]
  const signal = AbortSignal.timeout(LOOK_MS)
  const look = await lookAround({ rpc, deployment, bootstrap, signal }).catch(reason)
  if (typeof look === 'string')
    return [bad('market', `no bootstrap peer can be reached: ${look}`, 'Check the addresses and the way out of this network.')]
  const { offers } = look
  try {
    const ours = offers.filter((offer) => offer.account === account)
    if (ours.length === 0)
      return [
        bad(
          'market',
          `${offers.length} peers have offers out, none of them of ${account}`,
          'See stake, key and daemon above; a new daemon is seen within seconds.'
        )
      ]
    const asked = await Promise.all(ours.map(reachFinding))
    return [
      good('market', `${ours.length} of ${offers.length} peers on offer are ours`),
      ...asked,
      ...modelFinding(offers, account, modelId)
    ]
  } finally {
    await look.close()
  }
}

const dial = async (multiaddrs: string[]): Promise<void> => {
  const host = await createHost({ privateKey: systemRng.bytes(32), listen: [], dht: 'off' })
  try {
    await host.connect(multiaddrs, AbortSignal.timeout(DIAL_MS))
  } finally {
    await host.close()
  }
}

const isPrivate = (address: string): boolean =>
  /^\/ip4\/(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) || /^\/ip6\/(::1|f[cde])/i.test(address)

/**
 * From here, by a host that knows nobody yet, so that the addresses on offer are what is dialled. Whether strangers get through a router or a
 * firewall only they can tell.
 */
const reachFinding = async ({ peerId, multiaddrs, draining }: OfferView): Promise<Finding> => {
  const name = `peer ${peerId.slice(-6)}`
  try {
    await dial(multiaddrs)
  } catch (error) {
    return bad(
      name,
      `cannot be reached at ${multiaddrs[0] ?? 'any address'}: ${reason(error)}`,
      'Open the port of --listen, and let nothing rewrite its address.'
    )
  }
  if (draining) return warn(name, 'is draining', 'It was told to stop, and takes no new sessions.')
  if (multiaddrs.every(isPrivate))
    return warn(
      name,
      'has private addresses only',
      'Nobody outside this network reaches it: listen on a public address, or forward the port.'
    )
  return good(name, 'can be reached')
}

const modelFinding = (offers: readonly OfferView[], account: Address, modelId: Bytes32 | null): Finding[] => {
  const rows = offers.flatMap((offer) => offer.models.map((model) => ({ model, isOurs: offer.account === account })))
  const ours = rows
    .filter(({ model, isOurs }) => isOurs && (modelId === null || model.modelId === modelId))
    .map(({ model }) => model)
  const [mine] = ours
  if (mine === undefined)
    return [bad('offer', 'the offers of this account are for another model', 'Check --model and --royalties against the daemon.')]
  const others = rows.filter(({ model, isOurs }) => !isOurs && model.modelId === mine.modelId).map(({ model }) => model)
  return [priceFinding(mine, others), copiesFinding(mine, others), slotsFinding(ours)]
}

const perMillion = (wei: bigint): string => formatOpen(wei * 1_000_000n)

const priceFinding = (mine: ModelOfferView, others: readonly ModelOfferView[]): Finding => {
  const says = `${perMillion(mine.completionWei)} OPEN for a million written tokens, ${perMillion(mine.promptWei)} read`
  const [least] = others.map(({ completionWei }) => completionWei).toSorted((a, b) => (a < b ? -1 : 1))
  if (least === undefined) return good('price', `${says}; nobody else offers this model`)
  if (mine.completionWei > DEAR * least)
    return warn('price', `${says}; the cheapest asks ${perMillion(least)}`, 'Clients go to the cheaper one while it has slots.')
  return good('price', `${says}; the cheapest of ${others.length} others asks ${perMillion(least)}`)
}

/** Warm takeovers need another peer that computes the same bits. */
const copiesFinding = (mine: ModelOfferView, others: readonly ModelOfferView[]): Finding => {
  const same = others.filter(({ numerics }) => numerics === mine.numerics).length
  if (same > 0) return good('successors', `${same} other peers can take over, and be taken over, with the same text`)
  return warn(
    'successors',
    'no other peer computes this model the same way',
    'Clients who want their conversation kept prefer peers that others can follow.'
  )
}

const slotsFinding = (ours: readonly ModelOfferView[]): Finding => {
  const [free, total] = [
    ours.reduce((sum, { slotsFree }) => sum + slotsFree, 0),
    ours.reduce((sum, { slotsTotal }) => sum + slotsTotal, 0)
  ]
  if (free === 0)
    return warn('slots', `all ${total} are taken`, 'Nothing is wrong; more --slots, or another machine, would earn more.')
  return good('slots', `${free} of ${total} are free`)
}

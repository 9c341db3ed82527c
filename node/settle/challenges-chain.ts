/** The court as an accused provider's daemon sees it. */
import { CaseState, type CourtClient, eventTopic, type RegistryClient, readEvents } from 'openseam/chain/index'
import type { Address, Hex } from 'openseam/protocol/eth'
import type { ChallengesChain, OpenedCase } from './challenges.ts'

export interface ChallengesChainComponents {
  court: CourtClient
  registry: RegistryClient
  account: Address
}

export const challengesChain = ({ court, registry, account }: ChallengesChainComponents): ChallengesChain => ({
  firstBlock: court.deployment.block,
  head: () => court.rpc.blockNumber(),
  openCases: async () => (await registry.provider(account, { fresh: true })).openCases,

  opened: async (from, to) => {
    const accused: Hex = `0x${account.slice(2).padStart(64, '0')}`
    const found: OpenedCase[] = []
    for await (const event of readEvents(court.rpc, court.deployment, from, to, [eventTopic('CaseOpened'), null, accused])) {
      if (event.name === 'CaseOpened') found.push({ id: event.id, receiptHash: event.receiptHash })
    }
    return found
  },

  isWaiting: async (id) => (await court.caseOf(id)).state === CaseState.open,

  respond: async (id, answerHash) => {
    await court.respond(id, answerHash)
  }
})

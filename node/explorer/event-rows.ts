/** What an event touches: accounts that it is listed under, and the rows of sums that it changes. */
import type { Address } from 'openseam/protocol/eth'
import { type EventRow, keys } from './rows.ts'

/** Whose account an event belongs to, each once. */
export const accountsOf = (event: EventRow): Address[] => {
  const named = ['client', 'provider', 'to', 'from', 'payout', 'signer', 'operator', 'key'].map(
    (field) => (event as unknown as Record<string, unknown>)[field]
  )
  const paid = event.name === 'GroupSettled' ? event.paid.map(({ client }) => client) : []
  const payees = event.name === 'ModelRegistered' ? event.payees : []
  return [...new Set([...named, ...paid, ...payees])].filter(
    (value): value is Address => typeof value === 'string' && value.length === 42
  )
}

/** Their keys, with repetitions: they are read before a range is folded. A batch, which is there once, is not among them. */
export const rowsChangedBy = (event: EventRow): string[] => {
  switch (event.name) {
    case 'Deposited':
    case 'Withdrawn':
      return [keys.client(event.client)]
    case 'SignerSet':
      return [keys.signer(event.client)]
    case 'GroupSettled': {
      const { provider, modelId, paid } = event
      const ofClients = paid.flatMap(({ client }) => [keys.channel(client, provider, modelId), keys.client(client)])
      return [keys.model(modelId), keys.modelProvider(modelId, provider), ...ofClients]
    }
    case 'ModelRegistered':
    case 'RoyaltyClaimed':
      return [keys.model(event.modelId)]
    case 'KeyAdded':
      return [keys.key(event.key), keys.provider(event.provider)]
    case 'BatchSettled':
    case 'Claimed':
    case 'Registered':
    case 'PayoutSet':
    case 'StakeChanged':
    case 'UnbondChanged':
    case 'CasesChanged':
    case 'Slashed':
    case 'KeyRevoked':
      return [keys.provider(event.provider)]
    case 'CaseOpened':
    case 'CaseClosed':
    case 'CaseAnswered':
    case 'Punished':
      return [keys.case(event.id)]
    default:
      return []
  }
}

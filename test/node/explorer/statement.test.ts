/** What an event did to one account's money, from whichever side it is looked at. */
import { expect } from 'chai'
import type { EventRow } from '../../../node/explorer/rows.ts'
import { linesOf } from '../../../node/explorer/statement.ts'

const [provider, payout, client, modelId] = ['0xa1', '0xa2', '0xa3', '0xb1'] as const
const at = { block: 1, transaction: '0x01', logIndex: 0, at: 1 } as const
const kinds = (event: EventRow, account: `0x${string}`): [string, bigint, string][] =>
  linesOf(event, account).map(({ kind, amount, other }) => [kind, amount, other])

describe('the lines of a statement', () => {
  it('has a claim at the provider, and at the account that it was sent to', () => {
    const event: EventRow = { ...at, name: 'Claimed', provider, to: payout, amount: 5n }
    expect(kinds(event, provider)).to.deep.equal([['claimed', 5n, payout]])
    expect(kinds(event, payout)).to.deep.equal([['received', 5n, provider]])
    expect(kinds({ ...event, to: provider }, provider)).to.deep.equal([['claimed', 5n, provider]])
  })

  it('has a royalty at who received it', () => {
    const event: EventRow = { ...at, name: 'RoyaltyClaimed', modelId, payee: 0, to: payout, amount: 7n }
    expect(kinds(event, payout)).to.deep.equal([['received', 7n, modelId]])
    expect(kinds(event, provider)).to.deep.equal([])
  })

  it('has both sides of a settlement, and the model’s share at the provider alone', () => {
    const event: EventRow = {
      ...at,
      name: 'GroupSettled',
      provider,
      modelId,
      batch: 3,
      royalty: 1n,
      paid: [{ client, amount: 9n }]
    }
    expect(kinds(event, client)).to.deep.equal([['spent', 9n, provider]])
    expect(kinds(event, provider)).to.deep.equal([
      ['earned', 9n, client],
      ['royalty', 1n, modelId]
    ])
  })
})

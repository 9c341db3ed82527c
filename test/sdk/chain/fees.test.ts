import { expect } from 'chai'
import { type Fees, outbid } from '../../../sdk/chain/fees.ts'

const market: Fees = { type: 2, maxFeePerGas: 1_000n, maxPriorityFeePerGas: 2_000_000n }

describe('outbidding', () => {
  it('raises both parts by a quarter at least', () => {
    expect(outbid({ type: 2, maxFeePerGas: 1_000n, maxPriorityFeePerGas: 4_000_000n }, market)).to.deep.equal({
      type: 2,
      maxFeePerGas: 1_251n,
      maxPriorityFeePerGas: 5_000_001n
    })
    expect(outbid({ type: 0, gasPrice: 8n }, { type: 0, gasPrice: 8n })).to.deep.equal({ type: 0, gasPrice: 11n })
  })

  it('never offers less than the market asks now', () => {
    expect(outbid({ type: 2, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }, market)).to.deep.equal(market)
    expect(outbid({ type: 0, gasPrice: 1n }, { type: 0, gasPrice: 500n })).to.deep.equal({ type: 0, gasPrice: 500n })
  })

  it('stops at ten times the market, however long the chain stands still', () => {
    let fees: Fees = market
    let offers = 0
    for (let next: Fees | null = fees; next !== null; next = outbid(fees, market)) {
      fees = next
      offers += 1
    }
    expect(offers).to.be.within(10, 12)
    expect(fees).to.satisfy(
      (row: Fees) => row.type === 2 && row.maxFeePerGas <= 10_000n && row.maxPriorityFeePerGas <= 20_000_000n
    )
    expect(outbid({ type: 2, maxFeePerGas: 5n, maxPriorityFeePerGas: 0n }, { ...market, maxPriorityFeePerGas: 0n })).to.not.equal(
      null
    )
  })
})

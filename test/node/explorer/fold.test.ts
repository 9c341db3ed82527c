import { expect } from 'chai'
import type { EventFragment, Interface, ParamType } from 'ethers'
import { foldEvents } from '../../../node/explorer/fold.ts'
import { openIndexStore } from '../../../node/explorer/index-store.ts'
import { Overlay } from '../../../node/explorer/overlay.ts'
import { type EventRow, keys, type SummaryRow } from '../../../node/explorer/rows.ts'
import { courtAbi, ledgerAbi, modelsAbi, registryAbi } from '../../../sdk/chain/abi.ts'
import { decodeLog } from '../../../sdk/chain/events.ts'
import type { Address, Hex } from '../../../sdk/protocol/eth.ts'
import { addressOf, deployment } from './fake-chain.ts'
import { folders } from './index-states.ts'

const all = { ...deployment, models: addressOf('models'), court: addressOf('court') }
const contracts: [Address, Interface][] = [
  [all.ledger, ledgerAbi],
  [all.registry, registryAbi],
  [all.models, modelsAbi],
  [all.court, courtAbi]
]

const sampleOf = ({ type, arrayChildren }: ParamType): unknown => {
  if (arrayChildren !== null) return [sampleOf(arrayChildren)]
  if (type === 'address') return addressOf('somebody')
  return type === 'bytes32' ? `0x${'0b'.repeat(32)}` : 1
}

/** One of every event that the contracts can emit and the index reads. */
const everyEvent = (): EventRow[] =>
  contracts.flatMap(([address, abi]) => {
    const found: EventRow[] = []
    abi.forEachEvent((event: EventFragment) => {
      const { topics, data } = abi.encodeEventLog(event, event.inputs.map(sampleOf))
      const place = { blockNumber: 1, logIndex: found.length, transactionHash: `0x${'0c'.repeat(32)}` as const }
      const log = { address, topics: topics as Hex[], data: data as Hex, ...place }
      const decoded = decodeLog(all, log)
      if (decoded !== null) found.push({ ...decoded, at: 1 })
    })
    return found
  })

describe('folding', () => {
  const dirs = folders()
  after(() => dirs.remove())

  it('has read every row that an event changes, whichever event it is and wherever its range begins', async () => {
    const store = await openIndexStore(dirs.make())
    const events = everyEvent()
    expect(new Set(events.map(({ name }) => name)).size).to.be.at.least(24)
    for (const event of events) {
      const rows = new Overlay(store)
      await foldEvents(rows, [event])
      expect(rows.read<SummaryRow>(keys.summary)?.events, event.name).to.equal(1)
    }
    await store.close()
  })
})

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

  it('tells whose royalties a model pays, and what each of them has claimed', async () => {
    const store = await openIndexStore(dirs.make())
    const [one, other] = [addressOf('one'), addressOf('other')]
    const [modelId, manifestHash, transaction] = [`0x${'0a'.repeat(32)}`, `0x${'0b'.repeat(32)}`, `0x${'0c'.repeat(32)}`] as Hex[]
    const at = { block: 1, transaction: transaction!, at: 7 }
    const claim = { name: 'RoyaltyClaimed' as const, modelId: modelId!, payee: 1, to: other }
    const rows = new Overlay(store)
    await foldEvents(rows, [
      {
        ...at,
        logIndex: 0,
        name: 'ModelRegistered',
        modelId: modelId!,
        manifestHash: manifestHash!,
        payees: [one, other],
        bps: [500, 20]
      },
      { ...at, logIndex: 1, ...claim, amount: 40n },
      { ...at, logIndex: 2, ...claim, amount: 2n }
    ])
    const payees = [
      { account: one, bps: 500, claimed: 0n },
      { account: other, bps: 20, claimed: 42n }
    ]
    expect(rows.read(keys.model(modelId!))).to.deep.include({ paid: 0n, terms: { manifestHash, payees, registeredAt: 7 } })
    expect(rows.read<SummaryRow>(keys.summary)).to.include({ models: 1 })
    await store.close()
  })
})

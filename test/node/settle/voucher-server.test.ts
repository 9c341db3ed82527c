import { expect } from 'chai'
import { silentLog } from 'openseam/components'
import { hexToBytes } from 'openseam/protocol/eth'
import type { VoucherClientFrame, VoucherServerFrame } from 'openseam/protocol/pb'
import type { WorkReceipt } from 'openseam/protocol/typed-data'
import { localSigner } from 'openseam/session/wallet'
import { serveVouchers } from '../../../node/settle/voucher-server.ts'
import {
  channelPair,
  clientPeer,
  clientSigner,
  codeOfRejection,
  flakyStore,
  key,
  legOpen,
  modelId,
  receiptsOf
} from '../../sdk/session/support.ts'
import { ackOf, booksOver, rowOf, TestLeg } from './support.ts'

const open = legOpen()
const [first, second] = receiptsOf(open, [10, 5]) as [WorkReceipt, WorkReceipt]
const hello = { client: hexToBytes(clientSigner.account, 20), modelIds: [hexToBytes(modelId, 32)] }

const setup = async () => {
  const store = flakyStore()
  const { legs, book } = await booksOver(store)
  await legs.open(rowOf(open), new TestLeg(100))
  const [ours, theirs] = channelPair<VoucherClientFrame, VoucherServerFrame>()
  const blamed: string[] = []
  const serving = serveVouchers({ book, log: silentLog, fault: (peer, code) => blamed.push(`${peer} ${code}`) }, theirs)
  const frames = ours.receive()[Symbol.asyncIterator]()
  const ask = async (frame: VoucherClientFrame): Promise<VoucherServerFrame> => {
    await ours.send(frame)
    return (await frames.next()).value as VoucherServerFrame
  }
  return { store, book, ours, serving, ask, blamed }
}

describe('voucher stream of the provider', () => {
  it('tells what it has, then signs what it stores', async () => {
    const { ask, ours, serving } = await setup()
    expect((await ask({ hello })).state?.channels[0]?.newest).to.equal(undefined)
    const { reply } = await ask({ ack: ackOf([], [first, second]) })
    expect([reply?.count, reply?.signatures.length, reply?.refused]).to.deep.equal([2, 2, undefined])
    expect((await ask({ hello })).state?.channels[0]?.newest).to.deep.equal(ackOf([], [first, second]).voucher)
    await ours.close()
    await serving
  })

  it('refuses with a code, keeps the stream, and takes what is right afterwards', async () => {
    const { ask } = await setup()
    await ask({ hello })
    const gap = await ask({ ack: ackOf([first], [second]) })
    expect(gap.reply?.refused?.code).to.equal('VOUCHER_MISSING')
    expect(gap.reply?.signatures).to.deep.equal([])
    expect((await ask({ ack: ackOf([], [first]) })).reply?.count).to.equal(1)
  })

  it('blames who acknowledges under keys that are none of its account: each costs a look at the chain', async () => {
    const { ask, blamed } = await setup()
    await ask({ hello })
    await ask({ ack: ackOf([first], [second]) }) // a gap may be a crossing of two messages
    expect(blamed).to.deep.equal([])
    const { reply } = await ask({ ack: ackOf([], [first], localSigner(key('thief'))) })
    expect(reply?.refused?.code).to.equal('VOUCHER_SIGNATURE')
    expect(blamed).to.deep.equal([`${clientPeer} VOUCHER_SIGNATURE`])
  })

  it('says nothing of its own troubles but that it is to be asked again', async () => {
    const { ask, store } = await setup()
    await ask({ hello })
    store.failing = true
    const { reply } = await ask({ ack: ackOf([], [first]) })
    expect(reply?.refused?.code).to.equal('INTERNAL')
    expect(reply?.refused?.message).to.not.contain('disk')
    store.failing = false
    expect((await ask({ ack: ackOf([], [first]) })).reply?.count).to.equal(1)
  })

  const faults: [name: string, code: string, frame: VoucherClientFrame][] = [
    ['an acknowledgement before a hello', 'WIRE_ORDER', { ack: ackOf([], [first]) }],
    ['an empty frame', 'WIRE_ORDER', {} as VoucherClientFrame],
    ['an account of 19 bytes', 'WIRE_MALFORMED', { hello: { ...hello, client: new Uint8Array(19) } }],
    ['too many models', 'WIRE_MALFORMED', { hello: { ...hello, modelIds: new Array(65).fill(hello.modelIds[0]) } }]
  ]
  for (const [name, code, frame] of faults) {
    it(`ends at ${name}`, async () => {
      const { ours, serving } = await setup()
      await ours.send(frame)
      expect(await codeOfRejection(serving)).to.equal(code)
    })
  }
})

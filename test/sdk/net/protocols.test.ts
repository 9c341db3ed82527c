import { expect } from 'chai'
import { voucherProtocol } from 'openseam/net/protocols'

describe('protocols', () => {
  it('give fields that can be copied, also from the Buffers of a socket', () => {
    const hello = { client: new Uint8Array(20).fill(7), modelIds: [new Uint8Array(32).fill(9)] }
    const frame = Buffer.from(voucherProtocol.client.encode({ hello }))
    const read = voucherProtocol.client.decode(frame).hello
    expect(read).to.deep.equal(hello)
    const copy = read?.client.slice() as Uint8Array
    copy[0] = 1
    expect(read?.client[0], 'the field itself').to.equal(7)
  })
})

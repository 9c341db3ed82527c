import { expect } from 'chai'
import { qrCodeOf } from '../../../node/explorer/web/qr-code.ts'
import { readQrPath } from '../../browser/lib/qr.ts'
import { addressOf } from './fake-chain.ts'

describe('an address as a QR code', () => {
  it('is read back from its picture', () => {
    for (let i = 0; i < 64; i++) {
      const address = addressOf(`account ${i}`)
      const { size, path } = qrCodeOf(address)
      expect(size).to.equal(29 + 2 * 4)
      expect(readQrPath(path)).to.equal(address)
    }
  })
})

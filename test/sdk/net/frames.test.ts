import { expect } from 'chai'
import fc from 'fast-check'
import { encodeLength, FrameDecoder } from '../../../sdk/net/frames.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'

const framed = (frame: Uint8Array): Uint8Array => Buffer.concat([encodeLength(frame.length), frame])

const decode = (chunks: Uint8Array[], bytesMax = 1_000_000): Uint8Array[] => {
  const frames: Uint8Array[] = []
  const decoder = new FrameDecoder(bytesMax, (frame) => frames.push(frame.slice()))
  for (const chunk of chunks) decoder.push(chunk)
  return frames
}

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as SeamError).code
  }
  return 'none'
}

describe('frames', () => {
  it('come out as they went in, however the bytes are cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 })
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(framed))
        const chunks: Uint8Array[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const cut = cuts[i % cuts.length] as number
          chunks.push(bytes.subarray(at, at + cut))
          at += cut
        }
        expect(decode(chunks)).to.deep.equal(sent.map((frame) => Uint8Array.from(frame)))
      }),
      { numRuns: 200 }
    )
  })

  it('carry lengths of one to four bytes', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 300_000]) {
      const frame = new Uint8Array(length).fill(7)
      expect(decode([framed(frame), framed(frame)])).to.deep.equal([frame, frame])
    }
  })

  it('of a whole chunk are not copied', () => {
    const chunk = framed(Uint8Array.of(1, 2, 3))
    let same = false
    new FrameDecoder(10, (frame) => {
      same = frame.buffer === chunk.buffer
    }).push(chunk)
    expect(same).to.equal(true)
  })

  it('that are too long are refused by their length alone', () => {
    expect(codeOf(() => decode([encodeLength(101)], 100))).to.equal('WIRE_TOO_LONG')
    expect(codeOf(() => decode([Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x01)], 100))).to.equal('WIRE_TOO_LONG')
    expect(codeOf(() => decode([framed(new Uint8Array(100))], 100))).to.equal('none')
  })

  it('have one encoding of a length', () => {
    expect(codeOf(() => decode([Uint8Array.of(0x81, 0x00, 0x01)]))).to.equal('WIRE_MALFORMED')
  })

  it('of garbage either parse within bounds or throw our error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (garbage) => {
        try {
          for (const frame of decode([garbage], 64)) expect(frame.length).to.be.at.most(64)
        } catch (error) {
          expect(error).to.be.instanceOf(SeamError)
        }
      }),
      { numRuns: 500 }
    )
  })
})

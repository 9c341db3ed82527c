import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { largeRanges, useHugePages } from '../../../node/engine/ort/huge-pages.ts'

const MAPS = `00400000-00746000 r--p 00000000 fe:00 5350478                            /usr/bin/node
3c84d000-3d12d000 rw-p 00000000 00:00 0                                  [heap]
7fba40100000-7fba43f01000 rw-p 00000000 00:00 0 
7fba5be00000-7fba62a00000 rw-p 00000000 fe:00 5358623                    /models/model.onnx_data
7fba70000000-7fba70a00000 r--p 00000000 00:00 0 
7fba80000000-7fba80a00000 rw-s 00000000 00:00 0 
7fba90000000-7fba90800000 rw-p 00000000 00:00 0 
7ffd00000000-7ffd01000000 rw-p 00000000 00:00 0                          [stack]
`

describe('huge pages', () => {
  it('takes large memory of our own, in whole pages, and nothing else', () => {
    expect(largeRanges(MAPS)).to.deep.equal([
      { start: 0x7fba40200000, bytes: 0x7fba43e00000 - 0x7fba40200000 },
      { start: 0x7fba90000000, bytes: 0x800000 }
    ])
  })

  it('leaves what memory holds as it is', () => {
    const memory = new Uint8Array(new SharedArrayBuffer(64 * 1024 ** 2)).fill(7)
    useHugePages()
    expect(memory.every((byte) => byte === 7)).to.equal(true)
  })

  it('collapses it where the kernel can', function () {
    const modes = '/sys/kernel/mm/transparent_hugepage/enabled'
    if (!existsSync(modes) || readFileSync(modes, 'utf8').includes('[never]')) this.skip()
    const memory = new Uint8Array(new SharedArrayBuffer(64 * 1024 ** 2)).fill(7)
    useHugePages()
    const huge = Number(/AnonHugePages:\s+(\d+)/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1])
    if (huge === 0) this.skip() // no 2 MB of memory in one piece, or a kernel before 6.1
    expect(huge * 1024).to.be.at.least(8 * 1024 ** 2)
    expect(memory[0]).to.equal(7)
  })
})

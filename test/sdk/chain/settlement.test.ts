import { expect } from 'chai'
import { ledgerAbi } from '../../../sdk/chain/abi.ts'
import { settlementsIn } from '../../../sdk/chain/settlement.ts'
import type { Hex } from '../../../sdk/protocol/eth.ts'
import { SETTLE_ITEMS_MAX } from '../../../sdk/protocol/limits.ts'
import { hashOf, named } from '../../contracts/market.ts'

const client = named('client').address
const provider = named('provider').address
const item = (n: number) => ({
  client,
  cumulative: 10n ** 18n + BigInt(n),
  units: n,
  workRoot: hashOf(`work ${n}`),
  r: hashOf(`r ${n}`),
  vs: hashOf(`vs ${n}`)
})
const groupsOf = (...counts: number[]) =>
  counts.map((count, g) => ({
    modelId: hashOf(`model ${g}`),
    items: Array.from({ length: count }, (_, i) => item(g * 1_000 + i))
  }))
const encoded = (method: 'settle' | 'settleFor', groups: ReturnType<typeof groupsOf>): Hex =>
  ledgerAbi.encodeFunctionData(method, method === 'settle' ? [groups] : [provider, groups, 9, '0x1234']) as Hex
const read = (input: string) => [...settlementsIn(input as Hex)]
const digits = (value: number): string => value.toString(16).padStart(64, '0')

describe('settlements in calldata', () => {
  it('are read as the contract reads them, whichever way it is called', () => {
    for (const method of ['settle', 'settleFor'] as const) {
      const groups = groupsOf(2, 0, 3)
      const [call] = read(encoded(method, groups))
      expect([call?.method, call?.at]).to.deep.equal([method, 0])
      expect(call?.claims).to.deep.equal(
        groups.flatMap(({ modelId, items }) =>
          items.map(({ r, vs, ...rest }) => ({ ...rest, modelId, signature: r + vs.slice(2) }))
        )
      )
    }
  })

  it('are found behind what wraps them, and say how much that is', () => {
    const inner = encoded('settleFor', groupsOf(1))
    const found = read(`0xaabbccdd${'00'.repeat(5)}${inner.slice(2)}`)
    expect(found.map(({ method, at }) => [method, at])).to.deep.equal([['settleFor', 9]])
  })

  it('have as many vouchers as the ledger takes, and not one more, wherever their offsets point', () => {
    expect(read(encoded('settle', groupsOf(SETTLE_ITEMS_MAX)))[0]?.claims).to.have.length(SETTLE_ITEMS_MAX)
    expect(read(encoded('settle', groupsOf(200, 57)))).to.deep.equal([])
    // Every offset leads to the same group: 60 kilobytes that say half a million vouchers.
    const whole = encoded('settle', groupsOf(SETTLE_ITEMS_MAX))
    const group = whole.slice(10 + 3 * 64)
    const count = 2_000
    const heads = digits(32 * count).repeat(count)
    expect(read(`${whole.slice(0, 10)}${digits(32)}${digits(count)}${heads}${group}`)).to.deep.equal([])
  })

  it('are none when cut short, when a word is no value of its type, or when an offset leads away', () => {
    const input = encoded('settle', groupsOf(1))
    for (let length = 10; length < input.length; length += 64) expect(read(input.slice(0, length)), `${length}`).to.deep.equal([])
    const word = (n: number): number => 10 + n * 64
    const changed = (n: number, value: string): string => input.slice(0, word(n)) + value + input.slice(word(n) + 64)
    const first = 6 // the words of the one item: client, cumulative, units
    for (const n of [first, first + 1, first + 2]) expect(read(changed(n, 'f'.repeat(64))), `word ${n}`).to.deep.equal([])
    for (const n of [0, 1, 2, 4, 5]) expect(read(changed(n, 'f'.repeat(64))), `word ${n}`).to.deep.equal([])
  })
})

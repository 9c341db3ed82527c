import { expect } from 'chai'
import fc from 'fast-check'
import { courtAbi, ledgerAbi, modelsAbi, plainResult, registryAbi } from '../../../sdk/chain/abi.ts'
import { decodeLog } from '../../../sdk/chain/events.ts'
import { SeamError } from '../../../sdk/protocol/errors.ts'
import { addressOf, deployment as deployed } from '../../node/explorer/fake-chain.ts'

const deployment = { ...deployed, models: addressOf('models'), court: addressOf('court') }
const contracts = [
  [ledgerAbi, deployment.ledger],
  [registryAbi, deployment.registry],
  [modelsAbi, deployment.models],
  [courtAbi, deployment.court]
] as const
const court = ['CaseOpened', 'CaseAnswered', 'CaseClosed', 'Punished']
const WEI = ['amount', 'upTo', 'downTo', 'total', 'stake', 'taken', 'royalty']

const events = contracts.flatMap(([abi, address]) => {
  const found: { abi: typeof abi; address: typeof address; fragment: any }[] = []
  abi.forEachEvent((fragment) => found.push({ abi, address, fragment }))
  return found.filter(({ fragment }) => abi !== courtAbi || court.includes(fragment.name))
})

const bits = (type: string): number => Number(/^uint(\d+)/.exec(type)?.[1])
const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => `0x${Buffer.from(b).toString('hex')}`)

const anyOf = (type: string): fc.Arbitrary<unknown> => {
  if (type.endsWith('[]')) return fc.array(anyOf(type.slice(0, -2)), { maxLength: 5 })
  if (type === 'address') return hexOf(20)
  if (type === 'bytes32') return hexOf(32)
  return fc.bigInt({ min: 0n, max: 2n ** BigInt(bits(type)) - 1n })
}

const logOf = ({ abi, address, fragment }: (typeof events)[number], values: unknown[]) => ({
  ...abi.encodeEventLog(fragment, values),
  address,
  blockNumber: 7,
  transactionHash: `0x${'11'.repeat(32)}`,
  logIndex: 3
})

describe('the fields of events', () => {
  for (const event of events) {
    const { abi, fragment } = event
    it(`${fragment.name}: as the general decoder reads them`, () => {
      fc.assert(
        fc.property(fc.tuple(...fragment.inputs.map((input: any) => anyOf(input.type))), (values) => {
          const log = logOf(event, values as unknown[])
          const general = plainResult(abi.decodeEventLog(fragment, log.data, log.topics))
          const expected = Object.fromEntries(
            fragment.inputs.map(({ name }: any, i: number) => {
              const value = general[i]
              if (name === 'clientPaid') {
                const split = (word: bigint) => ({
                  client: `0x${(word >> 96n).toString(16).padStart(40, '0')}`,
                  amount: word % 2n ** 96n
                })
                return ['paid', (value as bigint[]).map(split)]
              }
              if (name === 'bps') return [name, (value as bigint[]).map(Number)]
              return [name, typeof value === 'bigint' && !WEI.includes(name) ? Number(value) : value]
            })
          )
          const at = { block: 7, transaction: log.transactionHash, logIndex: 3 }
          expect(decodeLog(deployment, log as never)).to.deep.equal({ ...at, name: fragment.name, ...expected })
        })
      )
    })
  }

  it('refuses what no contract emits, with a typed error, before it makes anything of a claimed size', () => {
    const event = events.find(({ fragment }) => fragment.name === 'GroupSettled')!
    const log = logOf(event, [addressOf('a'), `0x${'22'.repeat(32)}`, 1n, 2n, [3n, 4n]])
    const word = (value: bigint): string => value.toString(16).padStart(64, '0')
    const broken = [
      { ...log, data: log.data.slice(0, -2) },
      { ...log, data: '0x' },
      { ...log, data: log.data.replace('0x', '0xzz') },
      { ...log, data: `0x${word(2n)}${word(64n)}${word(2n ** 200n)}` },
      { ...log, data: `0x${word(2n)}${word(64n)}${word(2n ** 31n)}` },
      { ...log, data: `0x${word(2n)}${word(2n ** 60n)}${word(1n)}${word(1n)}` },
      { ...log, topics: log.topics.slice(0, -1) },
      { ...log, topics: [...log.topics.slice(0, -1), '0x12'] }
    ]
    for (const one of broken) {
      expect(() => decodeLog(deployment, one as never))
        .to.throw(SeamError)
        .with.property('code', 'CHAIN_DOWN')
    }
    const random = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }).chain(random), (bytes) => {
        try {
          decodeLog(deployment, { ...log, data: `0x${Buffer.from(bytes).toString('hex')}` } as never)
        } catch (error) {
          expect((error as SeamError).code).to.equal('CHAIN_DOWN')
        }
      })
    )
  })
})

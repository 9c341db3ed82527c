import { expect } from 'chai'
import { find } from '../../../node/explorer/web/find.ts'
import {
  LABEL_CHARACTERS_MAX,
  LABELS_FILE_BYTES_MAX,
  LABELS_MAX,
  type Label,
  labelsLike,
  readLabels,
  readName,
  withLabels,
  writeLabels
} from '../../../node/explorer/web/labels.ts'

const account = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`
const label = (number: number, name = `name ${number}`): Label => ({ kind: 'account', id: account(number), name })
const mapOf = (...labels: Label[]) => new Map(labels.map((one) => [one.id, one]))
const fileOf = (labels: unknown, format = 'openseam-labels-1'): string => JSON.stringify({ format, labels })

describe('names that a reader gives', () => {
  it('are short and can be seen, and never turn the direction of a line', () => {
    const good: [typed: string, kept: string][] = [
      ['  My   provider ', 'My provider'],
      ['café', 'café'],
      ['שלום 你好 🚀', 'שלום 你好 🚀'],
      ['🚀'.repeat(LABEL_CHARACTERS_MAX), '🚀'.repeat(LABEL_CHARACTERS_MAX)],
      ['a\tb', 'a b']
    ]
    for (const [typed, kept] of good) expect(readName(typed), typed).to.equal(kept)
    const bad = ['', '  ', 'x'.repeat(LABEL_CHARACTERS_MAX + 1), 'x'.repeat(1e6), 'a\u202eb', 'a\u2066b', 'a\u200bb', 'a\u0007b']
    for (const typed of [...bad, '\u3164', '\u2800', `a${'\u0335'.repeat(4)}`, '\ud800', '0xabcd']) {
      expect(() => readName(typed), JSON.stringify(typed.slice(0, 20)))
        .to.throw()
        .with.property('code', 'BAD_REQUEST')
    }
  })

  it('travel in a file and come back as they were', () => {
    const labels = mapOf(label(1), { kind: 'model', id: `0x${'ab'.repeat(32)}`, name: 'mine' }, label(3))
    expect(readLabels(writeLabels(labels))).to.deep.equal(labels)
    const upper = { ...label(10), id: account(10).toUpperCase().replace('0X', '0x') }
    expect(readLabels(fileOf([upper]))).to.deep.equal(mapOf(label(10)))
  })

  it('are taken from a file all or none, and from nothing that is no such file', () => {
    const many = Array.from({ length: LABELS_MAX + 1 }, (_, i) => label(i))
    expect(readLabels(fileOf(many.slice(1))).size).to.equal(LABELS_MAX)
    const bad: string[] = [
      '',
      'null',
      '[]',
      '{"labels": []}',
      fileOf([], 'openseam-proof-1'),
      fileOf({}),
      fileOf(many),
      fileOf([label(1), null]),
      fileOf([{ ...label(1), kind: '__proto__' }]),
      fileOf([{ ...label(1), kind: 'model' }]),
      fileOf([{ ...label(1), id: 'javascript:alert(1)' }]),
      fileOf([{ ...label(1), name: 7 }]),
      fileOf([{ ...label(1), name: 'a\u202eb' }]),
      `${' '.repeat(LABELS_FILE_BYTES_MAX)}${fileOf([])}`
    ]
    for (const text of bad)
      expect(() => readLabels(text), text.slice(0, 80))
        .to.throw()
        .with.property('code', 'BAD_REQUEST')
  })

  it('are kept up to their number, and the newest of an id wins', () => {
    const full = mapOf(...Array.from({ length: LABELS_MAX }, (_, i) => label(i)))
    expect(withLabels(full, mapOf(label(3, 'other'))).get(account(3))?.name).to.equal('other')
    expect(() => withLabels(full, mapOf(label(LABELS_MAX)))).to.throw('remove some first')
    expect(writeLabels(mapOf(...Array.from({ length: LABELS_MAX }, (_, i) => label(i, '🚀'.repeat(48))))).length).to.be.at.most(
      LABELS_FILE_BYTES_MAX
    )
  })

  it('are found by any part of them, in letters of either case, a few at a time', () => {
    const labels = mapOf(label(1, 'My Provider'), label(2, 'another'))
    expect(labelsLike(labels, ' PROV ').map(({ id }) => id)).to.deep.equal([account(1)])
    expect(labelsLike(labels, '')).to.deep.equal([])
    expect(labelsLike(mapOf(...Array.from({ length: 20 }, (_, i) => label(i))), 'name')).to.have.length(8)
  })
  it('are never part of what the explorer is asked', async () => {
    const asked: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = async (url) => {
      asked.push(String(url))
      return Response.json({ items: [`/api/accounts/${account(7)}/tags`] })
    }
    try {
      const model = `0x${'ab'.repeat(32)}`
      const labels = mapOf(label(1, 'My ledger'))
      const proven = new Map([account(2), model].map((id) => [id, { name: 'Ledger', shared: false }]))
      const own = `/account/${account(1)}`
      expect(await find('my l', labels, proven)).to.deep.equal([own])
      expect(await find('LEDGER', labels, proven)).to.deep.equal([own, `/account/${account(2)}`, `/model/${model}`])
      expect(await find('é', labels, proven)).to.deep.equal([])
      expect(asked).to.deep.equal([])
      expect(await find('court', labels, proven)).to.deep.equal([`/account/${account(7)}`])
      expect(await find(account(7), labels, proven)).to.deep.equal([`/account/${account(7)}`])
      expect(asked).to.deep.equal(['court', account(7)].map((query) => `/api/search?q=${query}`))
    } finally {
      globalThis.fetch = fetch
    }
  })
})

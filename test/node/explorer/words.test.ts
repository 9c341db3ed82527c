/** Every language says all that the pages say: as far as a machine can tell (scripts/words/faults.ts). */
import { expect } from 'chai'
import { bestOf, languages, SOURCE } from '../../../node/explorer/web/languages.ts'
import { type Catalog, catalog } from '../../../scripts/words/catalogs.ts'
import { faultsOf } from '../../../scripts/words/faults.ts'

describe('the explorer’s words', () => {
  let words: Catalog
  let said: string[]

  before(async () => {
    words = await catalog()
    said = Object.keys((await words.collect()) ?? {}).sort()
    expect(said.length).to.be.greaterThan(100)
  })

  for (const language of Object.keys(languages)) {
    it(`are all there in ${language}`, async () => {
      const messages = await words.read(language)
      expect(Object.keys(messages).sort(), 'out of step with the pages: `npm run words`').to.deep.equal(said)
      if (language !== SOURCE) expect(faultsOf(language, messages)).to.deep.equal([])
    })
  }

  const faultsFor = (language: string, message: string, translation: string): string[] =>
    faultsOf(language, { one: { message, translation } }).map((fault) => fault.slice(JSON.stringify(message).length + 2))

  it('are found to be wrong where they are', () => {
    const message = '{count, plural, one {# leg of <0>{name}</0>} other {# legs of <0>{name}</0>}}'
    const polish =
      '{count, plural, one {# etap <0>{name}</0>} few {# etapy <0>{name}</0>} many {# etapów <0>{name}</0>} other {#}}'
    expect(faultsFor('pl', message, polish)).to.deep.equal([])
    expect(faultsFor('pl', message, polish.replace(/few {.*?}<\/0>}/, ''))).to.deep.equal(['a plural has no form "few"'])
    expect(faultsFor('ja', message, '{count, plural, other {<0>{name}</0> の # 区間}}')).to.deep.equal([])
    expect(faultsFor('de', 'of {name}', 'von {nam}')).to.deep.equal(['{name} is missing', '{nam} is not in the original'])
    expect(faultsFor('de', 'at <0>once</0>', 'sofort')).to.deep.equal(['<0> is missing', '</0> is missing'])
    expect(faultsFor('de', 'at once', ' ')).to.deep.equal(['not translated'])
    expect(faultsFor('de', 'at once', 'sofort {a')).to.have.lengthOf(1)
  })

  it('are of the language that a browser asks for first and that there is', () => {
    expect(bestOf(['xx', 'de-CH', 'fr'])).to.equal('de')
    expect(['zh-TW', 'zh-HK', 'zh', 'zh-CN', 'zh-Hant-MY'].map((tag) => bestOf([tag]))).to.deep.equal([
      ...['zh-Hant', 'zh-Hant', 'zh-Hans', 'zh-Hans', 'zh-Hant']
    ])
    expect(['no', 'nn-NO', 'nb'].map((tag) => bestOf([tag]))).to.deep.equal(['nb', 'nb', 'nb'])
    expect(['pt-BR', 'en-GB', '', 'a_b', 'constructor'].map((tag) => bestOf([tag]))).to.deep.equal(['pt', 'en', 'en', 'en', 'en'])
    expect(bestOf([])).to.equal('en')
  })
})

/**
 * `npm run words`: reads what the explorer's pages say and brings every catalog in step: new messages come in without a translation, those
 * that nothing says any more go. Tells how many each language lacks; test/explorer/words.test.ts fails while one does.
 */
import { languages, SOURCE } from '../node/explorer/web/languages.ts'
import { catalog } from './words/catalogs.ts'

const made = await (await catalog()).make({ locale: Object.keys(languages), clean: true, overwrite: false, orderBy: 'message' })
if (made === false) throw new Error('the pages could not be read')
for (const [language, messages] of Object.entries(made)) {
  const rows = Object.values(messages)
  const open = language === SOURCE ? 0 : rows.filter(({ translation }) => translation === '').length
  console.log(`${language.padEnd(8)} ${rows.length} messages${open === 0 ? '' : `, ${open} without a translation`}`)
}

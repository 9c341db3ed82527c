/**
 * `npm run words`: reads what the explorer's pages say and brings every catalog in step: new messages come in without a translation, those
 * that nothing says any more go. Tells what each language lacks; test/node/explorer/words.test.ts fails while one lacks anything.
 */

import { languages, SOURCE } from '../node/explorer/web/languages.ts'
import { catalog } from './words/catalogs.ts'
import { faultsOf } from './words/faults.ts'

const made = await (await catalog()).make({ locale: Object.keys(languages), clean: true, overwrite: false, orderBy: 'message' })
if (made === false) throw new Error('the pages could not be read')
for (const [language, messages] of Object.entries(made)) {
  const faults = language === SOURCE ? [] : faultsOf(language, messages)
  console.log(`${language.padEnd(8)} ${Object.keys(messages).length} messages, ${faults.length} faults`)
  if (process.argv.includes('--faults')) for (const fault of faults) console.log(`  ${fault}`)
}

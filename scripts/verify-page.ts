/** `node scripts/verify-page.ts FILE`: the offline verifier as one file that loads nothing, not even from its own folder. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rollup } from 'vite'

const source = join(import.meta.dirname, '../node/explorer/verify')

export const buildVerifyPage = async (): Promise<string> => {
  const built = (await build({
    configFile: false,
    root: source,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    build: { write: false, target: 'es2022', modulePreload: { polyfill: false } }
  })) as Rollup.RollupOutput
  const scripts = built.output.filter((part) => part.type === 'chunk')
  const html = built.output.find(({ fileName }) => fileName === 'index.html')
  const [script] = scripts
  if (script === undefined || scripts.length > 1 || html?.type !== 'asset') throw new Error('the page is not one script')
  // An end tag inside a string would end the script.
  const code = script.code.replaceAll('</script', '<\\/script')
  const page = String(html.source).replace(/<script type="module"[^>]*src="[^"]*"[^>]*><\/script>\s*/, '')
  return page.replace('</body>', () => `<script type="module">${code}</script>\n  </body>`)
}

if (import.meta.main) {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error('usage: node scripts/verify-page.ts FILE')
  writeFileSync(file, await buildVerifyPage())
}

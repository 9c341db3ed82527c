/** Has a page fetch code while it waits for something else, which runs only once that is there: a dynamic import asks for its file too late. */
import type { Plugin } from 'vite'

/** `name`: of the chunk that is imported; it comes with all that it imports. A site without one is left as it is. */
export const preload = (name: string): Plugin => ({
  name: 'preload',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) => {
      const start = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === name)
      const files = new Set<string>()
      const add = (fileName: string): void => {
        const file = bundle[fileName]
        if (file?.type !== 'chunk' || files.has(fileName)) return
        files.add(fileName)
        file.imports.forEach(add)
      }
      if (start !== undefined) add(start.fileName)
      return [...files].map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', href: `/${file}` },
        injectTo: 'head' as const
      }))
    }
  }
})

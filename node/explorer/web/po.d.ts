/** Catalogs of translations, compiled when the pages are built (scripts/words/plugin.ts). */
declare module '*.po' {
  export const messages: import('@lingui/core').Messages
}

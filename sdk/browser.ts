/** The SDK for pages: the same surface, over WebSocket, with a store that the browser keeps. */

export { indexedDbStore } from './browser/indexed-db.ts'
export * from './index.ts'

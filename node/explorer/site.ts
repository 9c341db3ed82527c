/** The explorer's pages: which paths they understand, and where their reader may send them to ask. */
import { openSite, type Site, siteDir } from '../lib/site.ts'

const PAGE =
  /^\/(sessions|providers|batches|models|disputes|account|names|verify|pending(\/(provider|client)\/0x[\da-f]+)?|(provider|session|receipt|batch|model|dispute|account)\/0x[\w/]+|event\/\d+-\d+)$/

export const isExplorerPage = (path: string): boolean => PAGE.test(path)

/** A node of the chain that the reader runs or trusts. The pages hold no secret that could be carried there. */
const OWN_NODE = ['https:', 'http://127.0.0.1:*', 'http://localhost:*']

/** `undefined` where they were not built: then there is the API alone. */
export const openExplorerSite = (): Site | undefined =>
  openSite(siteDir('explorer'), { isPage: isExplorerPage, connects: OWN_NODE })

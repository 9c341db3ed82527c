/**
 * The openseam SDK: paid inference that outlives the machine it runs on.
 *
 * @example
 * const seam = new OpenSeam({ network, wallet: { secretKey } })
 * const answer = await seam.chat.completions.create({
 *   model: 'seam-chat', stream: true, messages: [{ role: 'user', content: 'Hello' }]
 * })
 * for await (const chunk of answer) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
 * await seam.close()
 */
export type { RequestOptions } from './api/abort.ts'
export { type ChatCompletions, type Completions, Stream } from './api/answers.ts'
export type { SeamEvents } from './api/events.ts'
export type { Lists } from './api/lists.ts'
export type { Models, Providers, ProvidersQuery, ProviderView } from './api/market.ts'
export type { DevnetFile, Network } from './api/network.ts'
export { type PayingFetchOptions, payingFetch } from './api/paying-fetch.ts'
export type { Session, SessionInit, Sessions, TurnParams } from './api/session.ts'
export type { Amount, Balance, WalletApi } from './api/wallet.ts'
export type { Deployment } from './chain/index.ts'
export type { AnyWallet, Eip1193Provider, EthersSigner } from './chain/wallets.ts'
export type { Log, Store } from './components.ts'
export { memoryStore } from './components.ts'
export { type Connection, type ConnectOptions, connect } from './connect.ts'
export type * from './openai/params.ts'
export type * from './openai/results.ts'
export { OpenSeam, type OpenSeamOptions } from './openseam.ts'
export { formatOpen, parseOpen, type Wei } from './protocol/amounts.ts'
export { consequences, type ErrorCode, SeamError } from './protocol/errors.ts'
export type { Quote } from './session/quote.ts'
export type { SpendCaps } from './session/spending.ts'
export type * from './session/types.ts'

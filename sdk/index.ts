/**
 * The openseam SDK: paid inference that outlives the machine it runs on.
 *
 * @example
 * const { client, close } = await connect({ rpc, deployment, secretKey, bootstrap })
 * const turn = await client.chat({ model: 'seam-chat', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const events of turn) for (const event of events) if (event.kind === 'token') process.stdout.write(event.text)
 * await close()
 */
export type { Deployment } from './chain/index.ts'
export type { Log, Store } from './components.ts'
export { memoryStore } from './components.ts'
export { type Connection, type ConnectOptions, connect } from './connect.ts'
export { formatOpen, parseOpen, type Wei } from './protocol/amounts.ts'
export { consequences, type ErrorCode, SeamError } from './protocol/errors.ts'
export type * from './session/types.ts'

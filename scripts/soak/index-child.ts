/** The indexer that `index-kills` kills: told where to work once it is loaded. Tells its parent how far it is. */
import { Indexer } from '../../node/explorer/indexer.ts'
import { Rpc } from '../../sdk/chain/rpc.ts'
import { silentLog, systemClock } from '../../sdk/components.ts'
import { deployment } from '../../test/node/explorer/fake-chain.ts'
import { type IndexPlace, openPlace } from './index-place.ts'

process.on('disconnect', () => process.exit(0))
const { url, place } = await new Promise<{ url: string; place: IndexPlace }>((resolve) =>
  process.once('message', (told) => resolve(told as { url: string; place: IndexPlace }))
)
const store = await openPlace(place)
const indexer = new Indexer(
  { rpc: new Rpc(url), deployment, store, clock: systemClock, log: silentLog },
  { finality: 64, pollMs: 20 }
)
await indexer.open()
const tell = (): void => void process.send?.(indexer.cursor?.block ?? 0)
indexer.onChange(tell)
tell()
await indexer.run(new AbortController().signal)

/** The gateway that `gateway-streams` watches: the daemon itself, which also says how much memory it holds once its garbage is collected. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
process.on('message', (told) => {
  if (told !== 'sample') return
  collect()
  process.send?.({ rss: process.memoryUsage().rss })
})
await import('../../node/cli/main.ts')

/** `openseam explorer`: follows the chain into an index and answers who did what, for how much. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Deployment, Rpc, verifyDeployment } from 'openseam/chain/index'
import { systemClock, systemRng } from 'openseam/components'
import { z } from 'zod'
import {
  Collector,
  createExplorer,
  FINALITY_BLOCKS,
  Indexer,
  Namer,
  Names,
  openExplorerSite,
  openIndexStore,
  openPostgresIndexStore,
  openReceiptPeers,
  Pending,
  PendingWatch,
  POLL_MS,
  Publisher
} from '../explorer/index.ts'
import { serveGateway } from '../gateway/index.ts'
import { flagsOf } from '../lib/env.ts'
import { defaultHome, openHome } from '../lib/home.ts'
import { createLog, logLevels } from '../lib/log.ts'
import { exitWithParent } from '../lib/parent.ts'
import { onShutdown } from '../lib/shutdown.ts'
import { VERSION } from '../version.ts'
import { integer, list, port, readDeployment } from './options.ts'

const schema = z.object({
  home: z.string(),
  rpc: z.url(),
  deployment: z.string(),
  bootstrap: list.default([]),
  store: z.string().optional(),
  host: z.string(),
  port,
  finality: integer(1, 100_000),
  poll: integer(50, 600_000),
  logLevel: z.enum(logLevels),
  logFile: z.string().optional()
})

export const explorerCommand = (program: Command): void => {
  program
    .command('explorer')
    .description('an index of everything the ledger settled, over HTTP')
    .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
    .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
    .option('--bootstrap <multiaddrs>', 'providers to collect receipts from, comma-separated; whoever they know is asked too')
    .option('--home <dir>', 'the index', join(defaultHome(), 'explorer'))
    .option('--store <url>', 'postgres://user@host/database: the index is kept there, not in --home')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', '0 = any', '8788')
    .option('--finality <blocks>', 'how deep the chain may still be reorganised', String(FINALITY_BLOCKS))
    .option('--poll <ms>', 'how often to ask for new blocks', String(POLL_MS))
    .option('--log-level <level>', logLevels.join(', '), 'info')
    .option('--log-file <file>', 'default: stderr')
    .action(async (_options, command: Command) => explorer(flagsOf(command, schema)))
}

const explorer = async (flags: z.output<typeof schema>): Promise<void> => {
  const home = await openHome(flags.home)
  const log = createLog({ name: 'explorer', level: flags.logLevel, ...(flags.logFile !== undefined && { file: flags.logFile }) })
  const deployment = readDeployment(flags.deployment)
  const rpc = new Rpc(flags.rpc)
  await verifyDeployment(rpc, deployment)
  const store =
    flags.store === undefined
      ? await openIndexStore(home.path('index'))
      : await openPostgresIndexStore({ url: flags.store, space: spaceOf(deployment), clock: systemClock, log })
  const { finality, poll: pollMs } = flags
  const indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log }, { finality, pollMs })
  await indexer.open()
  const publisher = new Publisher(store, deployment)
  const names = new Names(store)
  const common = { store, indexer, publisher, deployment, clock: systemClock, log }
  const pending = new Pending(common)
  const { app } = createExplorer({ ...common, rpc, names, pending, version: VERSION, site: openExplorerSite() })
  const server = await serveGateway(app, { host: flags.host, port: flags.port })
  const stopping = new AbortController()
  const following = indexer.run(stopping.signal)
  following.catch(() => undefined) // asked for at the end
  const peers = flags.bootstrap.length === 0 ? null : await openReceiptPeers({ rpc, deployment, bootstrap: flags.bootstrap, log })
  const asking =
    peers === null
      ? []
      : [
          new Collector({ ...common, peers, rpc }).run(stopping.signal),
          new Namer({ ...common, names, peers }).run(stopping.signal),
          new PendingWatch({ ...common, peers, pending, rng: systemRng }).run(stopping.signal)
        ]
  const stopped = Promise.withResolvers<void>()
  onShutdown({
    log,
    stop: async () => {
      stopping.abort()
      await server.close(0)
      await following
      await Promise.all(asking)
      await peers?.close()
      await store.close()
      await home.release()
      stopped.resolve()
    }
  })
  exitWithParent()
  log.info({ url: server.url, ledger: deployment.ledger }, 'ready')
  process.send?.({ ready: true, url: server.url })
  // Another that took the index over ends this one.
  await Promise.race([stopped.promise, following.then(() => stopped.promise)])
}

/** One database may hold the indexes of many ledgers. */
const spaceOf = ({ chainId, ledger }: Deployment): string => `${chainId}:${ledger}:explorer`

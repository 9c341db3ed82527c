/** `openseam gateway`: OpenAI-compatible HTTP for one paying wallet. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { type Deployment, domainOf, Rpc, verifyDeployment } from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import { type Log, type Store, systemClock, systemRng } from 'openseam/components'
import { type Connection, connect } from 'openseam/connect'
import type { Address } from 'openseam/protocol/eth'
import { z } from 'zod'
import { controlOverIpc } from '../devnet/control.ts'
import { createGateway, serveGateway, storeOwners, storeRecords } from '../gateway/index.ts'
import { followKeys } from '../gateway/keys/file.ts'
import { openSpending } from '../gateway/keys/spend-file.ts'
import { ANY_ORIGIN } from '../gateway/origins.ts'
import { CreditBook } from '../gateway/x402/book.ts'
import { depositReader } from '../gateway/x402/deposits.ts'
import { Till } from '../gateway/x402/till.ts'
import { flagsOf } from '../lib/env.ts'
import { defaultHome, openHome } from '../lib/home.ts'
import { createLog, logLevels } from '../lib/log.ts'
import { createRegistry } from '../lib/metrics.ts'
import { exitWithParent } from '../lib/parent.ts'
import { onShutdown } from '../lib/shutdown.ts'
import { openSite, siteDir } from '../lib/site.ts'
import { peerSeed } from '../provider/identity.ts'
import { VERSION } from '../version.ts'
import { openGatewayStore, storeUrl } from './gateway-store.ts'
import { KEYS_FILE, SPEND_FILE } from './keys.ts'
import { integer, list, port, readDeployment, readSecretFile } from './options.ts'

const origin = z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text, {
  error: 'an origin is scheme, host and port, nothing after it: https://app.example'
})
const origins = list.pipe(z.array(z.union([z.literal(ANY_ORIGIN), origin])))

const schema = z.object({
  home: z.string(),
  rpc: z.url(),
  deployment: z.string(),
  wallet: z.string().optional(),
  store: storeUrl.optional(),
  storePasswordFile: z.string().optional(),
  passwordFile: z.string(),
  bootstrap: list,
  host: z.string(),
  port,
  requireKeys: z.boolean(),
  perMinute: integer(1, 1_000_000).optional(),
  origins: origins.optional(),
  x402: z.boolean(),
  x402Confirmations: integer(0, 1_000),
  explorer: z.url().optional(),
  devnet: z.boolean(),
  tier: z.enum(['warm', 'prefill', 'auto']),
  logLevel: z.enum(logLevels),
  logFile: z.string().optional()
})

export const gatewayCommand = (program: Command): void => {
  program
    .command('gateway')
    .description('OpenAI-compatible HTTP for one paying wallet')
    .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
    .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
    .requiredOption('--password-file <file>', 'file with the password of the wallet')
    .requiredOption('--bootstrap <multiaddrs>', 'peers to join through, comma-separated')
    .option('--home <dir>', 'state of this gateway', join(defaultHome(), 'gateway'))
    .option('--wallet <file>', 'encrypted keystore (default <home>/wallet.json)')
    .option('--store <url>', 'postgres://user@host/database that gateways of this wallet share (default: <home>/sessions, alone)')
    .option('--store-password-file <file>', 'file with the password of that database (default: PGPASSWORD)')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', '0 = any', '8787')
    .option(
      '--require-keys',
      'answer only to keys that `openseam keys` made, even while there are none (default once there are some)',
      false
    )
    .option('--per-minute <n>', 'requests a minute and key, where the key has no limit of its own (default none)')
    .option(
      '--origins <list>',
      'origins whose pages may call from a browser, comma-separated, or * for any (default none but its own)'
    )
    .option('--x402', 'callers without a key pay by the request, from what they deposit for this account', false)
    .option('--x402-confirmations <n>', 'blocks on top of a deposit before it counts', '0')
    .option('--explorer <url>', 'where the page links to proofs')
    .addOption(new Option('--devnet', 'the page may kill providers: for `openseam devnet` alone').default(false).hideHelp())
    .option('--tier <tier>', 'how a session moves: warm, prefill or auto', 'warm')
    .option('--log-level <level>', logLevels.join(', '), 'info')
    .option('--log-file <file>', 'default: stderr')
    .action(async (_options, command: Command) => gateway(flagsOf(command, schema)))
}

const gateway = async (flags: z.output<typeof schema>): Promise<void> => {
  const home = await openHome(flags.home)
  const log = createLog({ name: 'gateway', level: flags.logLevel, ...(flags.logFile !== undefined && { file: flags.logFile }) })
  const wallet = await openWalletFile(flags.wallet ?? home.path('wallet.json'), readSecretFile(flags.passwordFile))
  const deployment = readDeployment(flags.deployment)
  await verifyDeployment(new Rpc(flags.rpc), deployment)
  const store = await openGatewayStore({ flags, home, deployment, account: wallet.address, log })
  const { rpc, bootstrap, tier } = flags
  const seed = await peerSeed(home.dir, systemRng)
  const market = await connect({ rpc, deployment, secretKey: wallet.secretKey, bootstrap, tier, store, peerSeed: seed, log })
  const registry = createRegistry('gateway', VERSION)
  const keyFile = home.path(KEYS_FILE)
  const spend = await openSpending(home.path(SPEND_FILE), systemClock)
  const keys = flags.requireKeys || existsSync(keyFile) ? followKeys(keyFile, log) : undefined
  const components = {
    keys,
    spend,
    client: market.client,
    log,
    registry,
    clock: systemClock,
    version: VERSION,
    owners: storeOwners(store),
    till: flags.x402 ? await openTill({ flags, market, deployment, account: wallet.address, store, log }) : undefined,
    records: storeRecords(store),
    site: openSite(siteDir('playground')),
    control: flags.devnet ? controlOverIpc() : undefined
  }
  const made = createGateway(components, {
    explorer: flags.explorer,
    perMinute: flags.perMinute,
    origins: flags.origins
  })
  const server = await serveGateway(made.app, { host: flags.host, port: flags.port })
  const stopped = Promise.withResolvers<void>()
  onShutdown({
    log,
    stop: async () => {
      await server.close()
      made.close()
      await market.close()
      await made.settled()
      keys?.close()
      await spend.close()
      await store.close()
      await home.release()
      stopped.resolve()
    }
  })
  exitWithParent()
  log.info({ url: server.url, account: wallet.address, providers: market.directory.offers().length }, 'ready')
  process.send?.({ ready: true, url: server.url, account: wallet.address })
  await stopped.promise
}

interface TillParts {
  flags: z.output<typeof schema>
  market: Connection
  deployment: Deployment
  account: Address
  store: Store
  log: Log
}

const openTill = async ({ flags, market, deployment, account, store, log }: TillParts): Promise<Till> => {
  const till = new Till({
    market: market.client,
    book: new CreditBook(store),
    deposits: depositReader(new Rpc(flags.rpc), deployment, account, flags.x402Confirmations),
    account,
    domain: domainOf(deployment),
    token: deployment.token,
    clock: systemClock,
    log
  })
  await till.open()
  return till
}

/** `openseam provide`: the provider daemon. */
import { join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import {
  CourtClient,
  domainOf,
  LedgerClient,
  ModelsClient,
  RegistryClient,
  Rpc,
  Sender,
  verifyDeployment
} from 'openseam/chain/index'
import { openWalletFile } from 'openseam/chain/wallet-file'
import { systemClock, systemRng } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { parseAddress } from 'openseam/protocol/eth'
import { SETTLE_EVERY_MS } from 'openseam/protocol/limits'
import { z } from 'zod'
import { flagsOf } from '../lib/env.ts'
import { defaultHome, openHome } from '../lib/home.ts'
import { readMark, writeMark } from '../lib/home-mark.ts'
import { openLevelStore } from '../lib/level-store.ts'
import { createLog, logLevels } from '../lib/log.ts'
import { createRegistry, serveMetrics } from '../lib/metrics.ts'
import { exitWithParent } from '../lib/parent.ts'
import { withProgress } from '../lib/progress.ts'
import { onShutdown } from '../lib/shutdown.ts'
import { identityOf, peerSeed } from '../provider/identity.ts'
import { providerMetrics } from '../provider/metrics.ts'
import { startProvider } from '../provider/provider.ts'
import { VERSION } from '../version.ts'
import { integer, list, port, readDeployment, readSecretFile, royalties, wei } from './options.ts'

const DRAIN_MS = 25_000 // of the 30 s that an operator's service manager gives

const schema = z.object({
  home: z.string(),
  rpc: z.url(),
  deployment: z.string(),
  model: z.string(),
  royalties,
  wallet: z.string().optional(),
  passwordFile: z.string(),
  account: z.string().optional(),
  listen: list,
  bootstrap: list,
  promptPrice: wei,
  completionPrice: wei,
  slots: integer(1, 256),
  capacity: integer(32, 1_000_000).optional(),
  threads: integer(1, 256),
  pace: integer(0, 100_000),
  region: z.string().max(64),
  standbyBytes: integer(0, Number.MAX_SAFE_INTEGER),
  fence: z.string().optional(),
  adopt: z.boolean().optional(),
  settleEvery: integer(100, 86_400_000),
  settleMin: wei,
  metricsPort: port,
  logLevel: z.enum(logLevels),
  logFile: z.string().optional()
})

export const provideCommand = (program: Command): void => {
  program
    .command('provide')
    .description('sell tokens: serve a model on this machine')
    .requiredOption('--rpc <url>', 'JSON-RPC of the chain')
    .requiredOption('--deployment <file>', 'JSON with the addresses of the contracts')
    .requiredOption('--model <dir>', 'model directory (Hugging Face / transformers.js layout)')
    .requiredOption('--password-file <file>', 'file with the password of the wallet')
    .option(
      '--royalties <shares>',
      'who shares in what is paid for the model: account=hundredths of a percent, comma-separated',
      ''
    )
    .option('--home <dir>', 'state of this daemon', join(defaultHome(), 'provider'))
    .option('--wallet <file>', 'encrypted keystore of the key that signs (default <home>/wallet.json)')
    .option('--account <address>', 'provider account, when the wallet holds one of its signer keys')
    .option('--listen <multiaddrs>', 'comma-separated', '/ip4/0.0.0.0/tcp/0,/ip4/0.0.0.0/tcp/0/ws')
    .option('--bootstrap <multiaddrs>', 'peers to join through, comma-separated', '')
    .option('--prompt-price <wei>', 'wei per prompt position', '1000000000000')
    .option('--completion-price <wei>', 'wei per completion position', '1000000000000')
    .option('--slots <n>', 'sessions at once', '8')
    .option('--capacity <positions>', 'context of one slot (default the model’s)')
    .option('--threads <n>', 'threads of one run', '1')
    .option('--pace <n>', 'cap each session at n tokens/s; 0 = none', '0')
    .option('--region <name>', 'where this machine is', 'local')
    .option('--standby-bytes <n>', 'disk lent to other providers’ sessions', String(8 * 1024 ** 3))
    .option('--fence <dir>', 'folder shared by all daemons of this account, so that no two sign for one stretch of work')
    .option('--adopt', 'this home is a copy of another daemon’s, which is gone or shares the fence')
    .option('--settle-every <ms>', 'settle at least this often', String(SETTLE_EVERY_MS))
    .option('--settle-min <wei>', 'settle as soon as this much is owed; 0 = 100 x the gas', '0')
    .option('--metrics-port <port>', 'Prometheus metrics on loopback; 0 = any', '9101')
    .option('--log-level <level>', logLevels.join(', '), 'info')
    .option('--log-file <file>', 'default: stderr')
    .action(async (_options, command: Command) => provide(flagsOf(command, schema)))
}

const provide = async (flags: z.output<typeof schema>): Promise<void> => {
  const clock = systemClock
  const home = await openHome(flags.home)
  const log = createLog({ name: 'provider', level: flags.logLevel, ...(flags.logFile !== undefined && { file: flags.logFile }) })
  const mark = await readMark(home.dir)
  if (mark === 'copy' && flags.adopt !== true) throw copied(home.dir)
  const walletFile = flags.wallet === undefined ? home.path('wallet.json') : resolve(flags.wallet)
  if (flags.fence === undefined && !walletFile.startsWith(join(home.dir, sep)))
    log.warn({ wallet: walletFile }, 'the wallet is not in this home: daemons that share it must share --fence too')
  const wallet = await openWalletFile(walletFile, readSecretFile(flags.passwordFile))
  const account = flags.account === undefined ? wallet.address : parseAddress(flags.account)
  const rpc = new Rpc(flags.rpc)
  const deployment = readDeployment(flags.deployment)
  await verifyDeployment(rpc, deployment)
  // Daemons that share a fence share this key too, and must not outbid one another.
  const sender = new Sender(rpc, wallet.secretKey, { alone: flags.fence === undefined })
  const store = await openLevelStore(home.path('store'))
  const registry = createRegistry('provider', VERSION)
  const provider = await withProgress('loading the model', async () =>
    startProvider(
      {
        identity: identityOf(await peerSeed(home.dir, systemRng), wallet.secretKey, account),
        store,
        rpc,
        ledger: new LedgerClient(rpc, deployment, sender),
        registry: new RegistryClient(rpc, deployment, sender),
        models: new ModelsClient(rpc, deployment, sender),
        court: deployment.court === null ? null : new CourtClient(rpc, deployment, sender),
        domain: domainOf(deployment),
        clock,
        rng: systemRng,
        log
      },
      {
        home: home.dir,
        modelDir: flags.model,
        royalties: flags.royalties,
        slots: flags.slots,
        threads: flags.threads,
        pace: flags.pace,
        ...(flags.capacity !== undefined && { capacity: flags.capacity }),
        promptWei: flags.promptPrice,
        completionWei: flags.completionPrice,
        listen: flags.listen,
        bootstrap: flags.bootstrap,
        region: flags.region,
        standbyBytesMax: flags.standbyBytes,
        ...(flags.fence !== undefined && { fence: flags.fence }),
        adopt: mark === 'copy',
        settle: { everyMs: flags.settleEvery, minWei: flags.settleMin }
      }
    )
  )
  if (mark !== 'same') await writeMark(home.dir)
  providerMetrics(registry, provider)
  const metrics = await serveMetrics({ registry, host: '127.0.0.1', port: flags.metricsPort })
  const stopped = Promise.withResolvers<void>()
  onShutdown({
    log,
    graceMs: DRAIN_MS + 4_000,
    stop: async () => {
      log.info({ sessions: provider.sessions.active }, 'draining')
      await provider.drain(DRAIN_MS)
      await metrics.close()
      await store.close()
      await home.release()
      log.info({}, 'stopped')
      stopped.resolve()
    }
  })
  exitWithParent()
  const facts = { peerId: provider.host.peerId, account, multiaddrs: provider.host.multiaddrs(), metrics: metrics.url }
  log.info(facts, 'ready')
  process.send?.({ ready: true, ...facts })
  await stopped.promise
}

const copied = (dir: string): SeamError =>
  new SeamError(
    'CONFIG',
    `${dir} is a copy of another daemon’s home: both could sign for one stretch of work, which costs stake. Start once with --adopt if that one is gone, or if both have the same --fence`,
    { detail: { home: dir } }
  )

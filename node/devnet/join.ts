/** Adds a provider on this machine to a devnet that runs elsewhere, from its devnet.json. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Deployment, RegistryClient, Rpc, Sender, transfer, walletFromHex } from 'openseam/chain/index'
import { createWalletFile } from 'openseam/chain/wallet-file'
import { systemRng } from 'openseam/components'
import { SeamError } from 'openseam/protocol/errors'
import { fundedKeys } from './chain.ts'
import { type Child, commandModule, startChild } from './children.ts'
import type { ProviderReady } from './devnet.ts'

interface OtherDevnet {
  rpc: string
  chainId: number
  contracts: Omit<Deployment, 'chainId' | 'block'>
  providers: { multiaddrs: string[] }[]
}

export interface JoinOptions {
  home: string
  file: string
  modelDir: string
  pace: number
  slots: number
  logLevel: string
}

/** Takes the first development key whose account is no provider yet, stakes for it, and serves. */
export const joinDevnet = async (options: JoinOptions): Promise<Child<ProviderReady>> => {
  const other = readOther(options.file)
  const deployment: Deployment = { ...other.contracts, chainId: other.chainId, block: 0 }
  const rpc = new Rpc(other.rpc)
  const registry = new RegistryClient(rpc, deployment)
  const [deployer, ...keys] = fundedKeys().map((key) => walletFromHex(key))
  const minStake = await registry.minStake()
  for (const wallet of keys) {
    if (deployer === undefined || (await registry.provider(wallet.address, { fresh: true })).registered) continue
    await transfer(new Sender(rpc, deployer.secretKey), deployment, wallet.address, minStake)
    await new RegistryClient(rpc, deployment, new Sender(rpc, wallet.secretKey)).register(wallet.address, minStake)
    return startJoined(options, other, deployment, wallet)
  }
  throw new SeamError('CONFIG', 'that devnet has no development account left for another provider')
}

const startJoined = async (
  options: JoinOptions,
  other: OtherDevnet,
  deployment: Deployment,
  wallet: ReturnType<typeof walletFromHex>
) => {
  const home = join(options.home, 'joined')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const passwordFile = join(home, 'password')
  const deploymentFile = join(home, 'deployment.json')
  const password = Buffer.from(systemRng.bytes(24)).toString('base64url')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  writeFileSync(deploymentFile, JSON.stringify(deployment), { mode: 0o600 })
  await createWalletFile(join(home, 'wallet.json'), password, { light: true, wallet })
  const bootstrap = other.providers.flatMap((provider) => provider.multiaddrs.slice(0, 1)).join(',')
  // prettier-ignore
  return startChild<ProviderReady>(
    commandModule,
    [
      'provide',
      '--home',
      home,
      '--rpc',
      other.rpc,
      '--deployment',
      deploymentFile,
      '--password-file',
      passwordFile,
      '--model',
      options.modelDir,
      '--bootstrap',
      bootstrap,
      '--pace',
      String(options.pace),
      '--slots',
      String(options.slots),
      '--metrics-port',
      '0',
      '--settle-every',
      '5000',
      '--region',
      'joined',
      '--log-level',
      options.logLevel
    ],
    join(home, 'provider.log')
  )
}

const readOther = (file: string): OtherDevnet => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OtherDevnet
  } catch (cause) {
    throw new SeamError('CONFIG', `cannot read ${file}: give the devnet.json of a devnet that is running`, { cause })
  }
}

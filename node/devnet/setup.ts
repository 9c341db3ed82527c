/** The chain side of a devnet: contracts, a stake for each provider, escrow for the client, encrypted wallets on disk. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Deployment, deploy, LedgerClient, RegistryClient, Rpc, Sender, transfer, walletFromHex } from 'openseam/chain/index'
import { createWalletFile } from 'openseam/chain/wallet-file'
import { systemRng } from 'openseam/components'
import { parseOpen, type Wei } from 'openseam/protocol/amounts'
import { type Address, ZERO_ADDRESS } from 'openseam/protocol/eth'
import { fundedKeys } from './chain.ts'

const CLIENT_OPEN = parseOpen('10000')
const CLIENT_COINS = parseOpen('5000') // of the 10 000 that every key of the chain begins with
const DEVELOPER_OPEN = parseOpen('1000')

export interface DevnetAccounts {
  deployment: Deployment
  deploymentFile: string
  passwordFile: string
  providers: { name: string; home: string; account: Address }[]
  client: { home: string; account: Address }
  /** For programs of one's own: OPEN in the account, none in escrow yet. */
  developer: { wallet: string; account: Address }
}

/**
 * Keys are the chain's public development keys: the first deploys, the next ones provide, the one after them pays; the last is the developer's.
 * `native`: $OPEN is the chain's own coin, of which every key has plenty.
 */
export const setUpMarket = async (dir: string, rpcUrl: string, count: number, native = false): Promise<DevnetAccounts> => {
  const rpc = new Rpc(rpcUrl)
  const keys = fundedKeys()
  const developer = walletFromHex(keys.pop() as string)
  const wallets = keys.slice(0, count + 2).map((key) => walletFromHex(key))
  const [deployer, ...rest] = wallets
  const payer = rest.pop()
  if (deployer === undefined || payer === undefined || rest.length !== count)
    throw new RangeError(`at most ${keys.length - 2} providers`)
  const sender = new Sender(rpc, deployer.secretKey)
  const deployment = await deploy(sender, native ? { token: ZERO_ADDRESS } : {})
  const give = async (to: Address, amount: Wei): Promise<void> => {
    if (!native) await transfer(sender, deployment, to, amount)
  }
  const minStake = await new RegistryClient(rpc, deployment).minStake()

  const passwordFile = join(dir, 'password')
  const password = Buffer.from(systemRng.bytes(24)).toString('base64url')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const homeOf = async (name: string, wallet: (typeof wallets)[number]): Promise<string> => {
    const home = join(dir, name)
    mkdirSync(home, { recursive: true, mode: 0o700 })
    await createWalletFile(join(home, 'wallet.json'), password, { light: true, wallet })
    return home
  }

  const providers: DevnetAccounts['providers'] = []
  for (const [i, wallet] of rest.entries()) {
    await give(wallet.address, minStake)
    await new RegistryClient(rpc, deployment, new Sender(rpc, wallet.secretKey)).register(wallet.address, minStake)
    const name = `p${i + 1}`
    providers.push({ name, home: await homeOf(name, wallet), account: wallet.address })
  }
  const escrow = native ? CLIENT_COINS : CLIENT_OPEN
  await give(payer.address, escrow)
  await new LedgerClient(rpc, deployment, new Sender(rpc, payer.secretKey)).deposit(payer.address, escrow)
  await give(developer.address, DEVELOPER_OPEN)
  const deploymentFile = join(dir, 'deployment.json')
  writeFileSync(deploymentFile, JSON.stringify(deployment, null, 2), { mode: 0o600 })
  return {
    deployment,
    deploymentFile,
    passwordFile,
    providers,
    client: { home: await homeOf('gateway', payer), account: payer.address },
    developer: { wallet: join(await homeOf('developer', developer), 'wallet.json'), account: developer.address }
  }
}

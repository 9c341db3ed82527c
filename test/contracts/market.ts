/** A chain, the contracts and funded people, for tests that go through the SDK. */
import { fundedKeys, startChain } from '../../node/devnet/chain.ts'
import {
  type Deployment,
  type DeployOptions,
  deploy,
  domainOf,
  LedgerClient,
  ModelsClient,
  RegistryClient,
  Rpc,
  Sender,
  type SettleItem,
  transfer,
  type Wallet,
  walletFromHex,
  walletOf
} from '../../sdk/chain/index.ts'
import { type Bytes32, bytesToHex, keccak256, ZERO_ADDRESS } from '../../sdk/protocol/eth.ts'
import { signTyped } from '../../sdk/protocol/typed-data.ts'

export const OPEN = 10n ** 18n

export const hashOf = (text: string): Bytes32 => bytesToHex(keccak256(new TextEncoder().encode(text)))

/** The same name is the same wallet in every run, so that gas, which counts zero bytes, does not drift. */
export const named = (name: string): Wallet => walletOf(keccak256(new TextEncoder().encode(`openseam test ${name}`)))

export interface Person {
  wallet: Wallet
  sender: Sender
  ledger: LedgerClient
  registry: RegistryClient
  models: ModelsClient
}

export interface Market {
  rpc: Rpc
  deployment: Deployment
  admin: Person
  person(name: string): Promise<Person>
  /** An item of `cumulative` wei from `client` to `provider`. */
  voucher(client: Wallet, provider: Wallet, modelId: Bytes32, cumulative: bigint, units?: number): SettleItem
  passSeconds(seconds: number): Promise<void>
  close(): Promise<void>
}

export const startMarket = async (options: DeployOptions = {}): Promise<Market> => {
  const chain = await startChain(0)
  const rpc = new Rpc(chain.rpc)
  const adminWallet = walletFromHex(fundedKeys()[0]!)
  const deployment = await deploy(new Sender(rpc, adminWallet.secretKey), options)
  const domain = domainOf(deployment)
  const personOf = (wallet: Wallet, sender = new Sender(rpc, wallet.secretKey)): Person => ({
    wallet,
    sender,
    ledger: new LedgerClient(rpc, deployment, sender),
    registry: new RegistryClient(rpc, deployment, sender),
    models: new ModelsClient(rpc, deployment, sender)
  })
  const admin = personOf(adminWallet)
  return {
    rpc,
    deployment,
    admin,
    person: async (name) => {
      const person = personOf(named(name))
      await rpc.send('hardhat_setBalance', [person.wallet.address, `0x${(100_000n * OPEN).toString(16)}`])
      if (deployment.token !== ZERO_ADDRESS) await transfer(admin.sender, deployment, person.wallet.address, 10_000n * OPEN)
      return person
    },
    voucher: (client, provider, modelId, cumulative, units = 1) => {
      const workRoot = hashOf(`work ${cumulative}`)
      const value = { client: client.address, provider: provider.address, modelId, cumulative, units, workRoot }
      const signature = signTyped(domain, 'Voucher', value, client.secretKey)
      return { client: client.address, cumulative, units, workRoot, signature }
    },
    passSeconds: async (seconds) => {
      await rpc.send('evm_increaseTime', [seconds])
      await rpc.send('evm_mine')
    },
    close: chain.close
  }
}

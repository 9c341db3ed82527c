/** What settling costs on chain, from transaction receipts, and how fast a provider checks the vouchers it is sent. */
import { Ledger } from 'openseam/chain/artifacts'
import {
  deploy,
  domainOf,
  LedgerClient,
  ModelsClient,
  RegistryClient,
  Rpc,
  Sender,
  transfer,
  type Wallet,
  walletFromHex,
  walletOf
} from 'openseam/chain/index'
import { parseOpen } from 'openseam/protocol/amounts'
import { type Bytes32, bytesToHex, keccak256 } from 'openseam/protocol/eth'
import { recoverTyped, signTyped, type TypedStructs } from 'openseam/protocol/typed-data'
import { fundedKeys, startChain } from '../../node/devnet/chain.ts'
import type { BenchOptions } from './options.ts'
import { round } from './stats.ts'

const CLIENTS = 100
const SESSIONS = 100
const SESSION_CLIENTS = 10
const VERIFY_MS = 2_000
const QUICK_VERIFY_MS = 500

interface SettleRow {
  payees: number
  gasPerVoucher: Record<string, number>
  gasPerSession: number
  gasFirstContact: number
}

const bytesOf = (text: string): Uint8Array => keccak256(new TextEncoder().encode(text))
const hashOf = (text: string): Bytes32 => bytesToHex(bytesOf(text))

export const settle = async ({ quick, say }: BenchOptions): Promise<object> => {
  const chain = await startChain(0)
  try {
    const rpc = new Rpc(chain.rpc)
    const [deployer, provider] = fundedKeys().map((key) => walletFromHex(key)) as [Wallet, Wallet]
    const sender = new Sender(rpc, deployer.secretKey)
    const deployment = await deploy(sender)
    const selling = new Sender(rpc, provider.secretKey)
    const registry = new RegistryClient(rpc, deployment, selling)
    const stake = await registry.minStake()
    await transfer(sender, deployment, provider.address, stake)
    await registry.register(provider.address, stake)

    // named, so that gas, which counts zero bytes, is the same in every run
    const clients = Array.from({ length: CLIENTS + 1 }, (_, i) => walletOf(bytesOf(`bench client ${i}`)))
    const first = clients.pop() as Wallet
    const depositing = new LedgerClient(rpc, deployment, sender)
    for (const { address } of [first, ...clients]) await depositing.deposit(address, parseOpen('1'))
    const ledger = new LedgerClient(rpc, deployment, selling)
    const domain = domainOf(deployment)
    const price = parseOpen('0.001')
    let cumulative = 0n
    const voucherOf = (client: Wallet, modelId: Bytes32): TypedStructs['Voucher'] => {
      const workRoot = hashOf(`work ${cumulative}`)
      return { client: client.address, provider: provider.address, modelId, cumulative, units: 1_000, workRoot }
    }

    /** Gas of settlements of one model; its payees' share is part of its id. */
    const measure = async (modelId: Bytes32, payees: number): Promise<SettleRow> => {
      cumulative = 0n
      const settled = async (payers: readonly Wallet[]): Promise<number> => {
        cumulative += price // every one of these clients owes this much more
        const items = payers.map((client) => {
          const value = voucherOf(client, modelId)
          return { ...value, signature: signTyped(domain, 'Voucher', value, client.secretKey) }
        })
        const { receipt, batch } = await ledger.settle([{ modelId, items }])
        if (batch?.count !== payers.length) throw new Error(`${batch?.count ?? 0} of ${payers.length} vouchers were settled`)
        return receipt.gasUsed
      }
      await settled([first]) // the slots of a provider and a model that have never settled are paid for once in their life
      const gasFirstContact = Math.round((await settled(clients)) / CLIENTS)
      const gasPerVoucher: Record<string, number> = {}
      for (const count of [1, 10, 100]) gasPerVoucher[count] = Math.round((await settled(clients.slice(0, count))) / count)
      // a voucher is cumulative: the ten sessions of a client settle in one
      const gasPerSession = Math.round((await settled(clients.slice(0, SESSION_CLIENTS))) / SESSIONS)
      const row = { payees, gasPerVoucher, gasPerSession, gasFirstContact }
      say(`gas: ${JSON.stringify(row)}`)
      return row
    }
    const modelId = hashOf('bench model')
    const payees = ['owner', 'data'].map((name) => walletOf(bytesOf(`bench ${name}`)).address)
    const models = new ModelsClient(rpc, deployment, selling)
    const owned = await models.register({ manifestHash: modelId, payees, bps: [1_000, 333] })
    const rows = [await measure(modelId, 0), await measure(owned, payees.length)]

    const signer = clients[0] as Wallet
    const value = voucherOf(signer, modelId)
    const signature = signTyped(domain, 'Voucher', value, signer.secretKey)
    const startMs = performance.now()
    let verified = 0
    while (performance.now() - startMs < (quick ? QUICK_VERIFY_MS : VERIFY_MS)) {
      if (recoverTyped(domain, 'Voucher', value, signature) !== signer.address) throw new Error('the signature is not recovered')
      verified += 1
    }
    const vouchersVerifiedPerSecond = round((verified * 1_000) / (performance.now() - startMs), 0)
    const { gasFirstContact } = rows[0] as SettleRow
    return { rows, gasFirstContact, ledgerBytes: Ledger.runtimeBytes, vouchersVerifiedPerSecond }
  } finally {
    await chain.close()
  }
}

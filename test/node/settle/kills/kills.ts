/**
 * Clients that pay a provider which is killed over and over, at every point between a voucher that came and a batch that was confirmed; now
 * and then the end of its write-ahead log is torn off or garbled too. After every death the books on chain are held against the vouchers.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currencyBalance } from 'openseam/chain/index'
import { systemClock } from 'openseam/components'
import { fundedKeys } from '../../../../node/devnet/chain.ts'
import { modelId } from '../../../sdk/session/support.ts'
import type { FromChild, Start, ToChild } from './child.ts'
import { faultPoints } from './faults.ts'
import { DEPOSIT, openChain, type Payer } from './market.ts'

const LIFE_MS_MAX = 60_000
const TEAR_BYTES_MAX = 16_000 // a few vouchers with their receipts
const BLOCK_MS = 250 // so that a transaction is pending for a while, and outlives who sent it

export interface KillOptions {
  kills: number
  random(): number
  /** Every how many deaths the log is torn. */
  tearEvery: number
  say(text: string): void
}

export interface KillFigures {
  kills: number
  byPoint: Record<string, number>
  torn: number
  /** Vouchers that a torn log lost, and the clients sent again. */
  resent: number
  /** Transactions that were pending when their sender was dead. */
  orphans: number
  receipts: number
  settledWei: string
}

export const settleKills = async ({ kills, random, tearEvery, say }: KillOptions): Promise<KillFigures> => {
  const undo: (() => void)[] = []
  try {
    const { rpc, url, deployment, provider, payout, ledger, payers } = await openChain((step) => undo.push(step))
    const dir = mkdtempSync(join(tmpdir(), 'openseam-kills-'))
    undo.push(() => rmSync(dir, { recursive: true, force: true }))

    const start = (fault: Start['fault']): Start => {
      const legs = payers.map(({ open }) => open)
      return { dir, rpc: url, deployment, key: fundedKeys()[1] as `0x${string}`, legs, fault }
    }

    await rpc.send('evm_setAutomine', [false])
    await rpc.send('evm_setIntervalMining', [BLOCK_MS])
    const sent = (block: string): Promise<unknown> => rpc.send('eth_getTransactionCount', [provider.address, block])
    let orphans = 0

    /** Never more than was signed, never less than before, and the ledger's own sum agrees. */
    const compare = async (): Promise<bigint> => {
      if ((await sent('latest')) !== (await sent('pending'))) {
        orphans++
        while ((await sent('latest')) !== (await sent('pending'))) await systemClock.sleep(BLOCK_MS / 2)
      }
      let sum = 0n
      for (const payer of payers) {
        const { settled } = await ledger.channel(provider.address, modelId, payer.wallet.address)
        if (settled > payer.state.cumulative) throw new Error(`${settled} wei were settled of ${payer.state.cumulative} signed`)
        if (settled < payer.settled) throw new Error(`${settled} wei are settled, it was ${payer.settled}`)
        const { balance } = await ledger.account(payer.wallet.address)
        if (balance + settled !== DEPOSIT) throw new Error(`a client has ${balance} wei left after paying ${settled}`)
        payer.settled = settled
        sum += settled
      }
      const { amount, lifetime } = await ledger.earned(provider.address)
      if (lifetime !== sum) throw new Error(`${lifetime} wei were earned, ${sum} settled`)
      const paidOut = await currencyBalance(rpc, deployment, payout)
      if (paidOut + amount !== lifetime) throw new Error(`${paidOut} wei were paid out and ${amount} wait, of ${lifetime}`)
      return sum
    }

    const byPoint: Record<string, number> = {}
    let torn = 0
    let resent = 0
    let wasTorn = false
    const opened = (told: { client: string; count: number }[]): void => {
      for (const { client, count } of told) {
        const payer = payers.find(({ wallet }) => wallet.address === client) as Payer
        if (count > payer.receipts.length) throw new Error(`${count} receipts are stored of ${payer.receipts.length}`)
        if (count < payer.acked && !wasTorn) throw new Error(`${payer.acked} receipts were acknowledged, ${count} are stored`)
        resent += Math.max(0, payer.acked - count)
        payer.acked = count
      }
    }

    let waiting = forkChild()
    undo.push(() => waiting.kill('SIGKILL'))
    for (let kill = 0; kill < kills; kill++) {
      const child = waiting
      waiting = forkChild() // loads meanwhile
      const point = faultPoints[kill % faultPoints.length] as (typeof faultPoints)[number]
      await payUntilDeath(child, start({ point, passage: 1 + Math.floor(random() * 3) }), payers, opened)
      byPoint[point] = (byPoint[point] ?? 0) + 1
      await compare()
      wasTorn = kill % tearEvery === tearEvery - 1 && tear(dir, random)
      if (wasTorn) torn++
      if ((kill + 1) % 20 === 0) say(`${kill + 1} kills, ${torn} torn logs, ${resent} receipts sent again`)
    }
    await payAndFinish(waiting, start(null), payers, opened)
    const settled = await compare()
    const signed = payers.reduce((sum, { state }) => sum + state.cumulative, 0n)
    if (settled !== signed) throw new Error(`${settled} wei were settled of ${signed}`)
    if ((await ledger.earned(provider.address)).amount !== 0n) throw new Error('not all was paid out')
    const receipts = payers.reduce((sum, payer) => sum + payer.receipts.length, 0)
    return { kills, byPoint, torn, resent, orphans, receipts, settledWei: String(settled) }
  } finally {
    for (const step of undo.reverse()) step()
  }
}

const forkChild = (): ChildProcess =>
  fork(join(import.meta.dirname, 'child.ts'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' })

type Opened = (told: { client: string; count: number }[]) => void

/** Every client pays on as soon as its last voucher is stored, until the process is gone by SIGKILL. */
const payUntilDeath = (child: ChildProcess, start: Start, payers: Payer[], opened: Opened): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(new Error(`'${start.fault?.point}' was not reached`)), LIFE_MS_MAX)
    const fail = (error: unknown): void => {
      clearTimeout(late)
      child.kill('SIGKILL')
      reject(error as Error)
    }
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      if (signal === 'SIGKILL') resolve()
      else reject(new Error(`the provider ended by itself with ${code}`))
    })
    child.on('error', () => undefined) // a message to one that is gone
    child.on('message', (told: FromChild) => {
      try {
        if ('open' in told) {
          opened(told.open)
          for (const payer of payers) child.send(payer.next(payer.acked))
        } else if ('count' in told) {
          const payer = payers.find(({ wallet }) => wallet.address === told.client) as Payer
          payer.acked = told.count
          child.send(payer.next(told.count), () => undefined)
        } else if ('refused' in told) fail(new Error(told.refused))
      } catch (error) {
        fail(error)
      }
    })
    child.send({ start } satisfies ToChild)
  })

const payAndFinish = (child: ChildProcess, start: Start, payers: Payer[], opened: Opened): Promise<void> =>
  new Promise((resolve, reject) => {
    let left = payers.length
    const late = setTimeout(() => child.kill('SIGKILL'), LIFE_MS_MAX)
    child.once('exit', () => {
      clearTimeout(late)
      reject(new Error('the provider ended before it had settled'))
    })
    child.on('message', (told: FromChild) => {
      if ('open' in told) {
        opened(told.open)
        for (const payer of payers) child.send(payer.next(payer.acked))
      } else if ('count' in told) {
        if (--left === 0) child.send({ finish: true } satisfies ToChild)
      } else if ('finished' in told) {
        resolve()
        child.kill('SIGKILL')
      } else {
        reject(new Error(told.refused))
        child.kill('SIGKILL')
      }
    })
    child.send({ start } satisfies ToChild)
  })

/** Takes bytes from the end of the newest log, or spoils them, as a disk that lost its last write. */
const tear = (dir: string, random: () => number): boolean => {
  const logs = readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .sort()
  const path = join(dir, logs.at(-1) ?? '')
  const { size } = statSync(path)
  if (logs.length === 0 || size === 0) return false
  const count = Math.min(size, 1 + Math.floor(random() * TEAR_BYTES_MAX))
  if (random() < 0.5) truncateSync(path, size - count)
  else {
    const bytes = readFileSync(path)
    for (let at = size - count; at < size; at++) bytes[at] = Math.floor(random() * 256)
    writeFileSync(path, bytes)
  }
  return true
}

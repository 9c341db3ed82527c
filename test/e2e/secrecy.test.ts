/** A successor holds a session's state and learns nothing of it: its memory and its disk are searched before any takeover. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { walletFromHex } from 'openseam/chain/index'
import { memoryStore, systemRng } from 'openseam/components'
import { type Connection, connect } from 'openseam/connect'
import { hexToBytes } from 'openseam/protocol/eth'
import { BLOCK_TOKENS } from 'openseam/protocol/limits'
import { auditSalt, epochKey, logKeyOf } from 'openseam/session/keys'
import { SessionStore } from 'openseam/session/record'
import type { ChatRequest, Turn } from 'openseam/session/types'
import { localSigner, storeKeyOf } from 'openseam/session/wallet'
import { WriteQueue } from 'openseam/session/write-queue'
import { fundedKeys } from '../../node/devnet/chain.ts'
import { type Market, MODEL, startMarket, stopId, user } from './lib/market.ts'
import { filesOf, findKeys, findRuns, memoryOf, type Piece } from './lib/memory.ts'
import { until } from './lib/until.ts'

const TEMPLATE = 32 // positions at either end of a prompt that may be the chat template's, which every peer has
const ANSWER = 4 * BLOCK_TOKENS // tokens of the answer that the successor holds when it is looked at

/** Words that are nowhere else. */
const secretText = (): string => Array.from({ length: 24 }, () => Buffer.from(systemRng.bytes(9)).toString('base64url')).join(' ')

describe('before any takeover', () => {
  const store = memoryStore()
  const signer = localSigner(walletFromHex(fundedKeys()[3] as string).secretKey)
  const prompt = secretText()
  let market: Market
  let connection: Connection
  let keys: Record<string, Uint8Array>
  let rows: Record<string, ArrayLike<number>>
  let memory: { before: Piece[]; serving: Piece[]; successor: Piece[] }
  let disk: Piece[]

  before(async function () {
    market = await startMarket({ gateway: false, providers: 2, pace: 60 })
    if (!canRead(market.net.providers[0]?.child?.process.pid as number)) {
      console.warn('      skipped: the memory of other processes cannot be read here; run as root on Linux')
      return this.skip()
    }
    const { rpc, deployment } = market.net
    const secretKey = walletFromHex(fundedKeys()[3] as string).secretKey
    connection = await connect({ rpc, deployment, secretKey, store, bootstrap: market.net.bootstrap() })
    const sampling = { temperature: 1, seed: 5n, logitBias: [{ id: stopId, bias: -100 }] }
    const request: ChatRequest = { model: MODEL, messages: [user(prompt)], sampling }
    const pids = market.net.providers.map(({ child }) => child?.process.pid as number)
    const before = new Map(pids.map((pid) => [pid, memoryOf(pid)]))
    const turn = await connection.client.chat(request)
    await look(turn, before)
  })
  after(async () => {
    await connection?.close()
    await market?.stop()
  })

  /** Dumps both processes while the answer runs, then learns from the client's own store what to search for. */
  const look = async (turn: Turn, before: Map<number, Piece[]>): Promise<void> => {
    const events = turn[Symbol.asyncIterator]()
    await drainUntil(events, () => {
      const { successors, promptTokens } = turn.summary()
      return (successors[0]?.blocks ?? 0) * BLOCK_TOKENS >= promptTokens + ANSWER
    })
    const { legs, successors } = turn.summary()
    const pidOf = (peer: string | undefined): number => market.net.provider(peer ?? '').child?.process.pid as number
    const pid = pidOf(successors[0]?.provider)
    memory = { before: before.get(pid) as Piece[], successor: memoryOf(pid), serving: memoryOf(pidOf(legs[0]?.provider)) }
    const { name } = market.net.provider(successors[0]?.provider ?? '')
    const home = market.net.accounts.providers.find((row) => row.name === name)?.home as string
    disk = filesOf(home)
    expect(turn.summary().running, 'nothing was released yet').to.equal(true)
    expect(turn.summary().legs).to.have.length(1)

    const sessions = new SessionStore(new WriteQueue(store), storeKeyOf(signer))
    const record = await until('the record', () => sessions.read(turn.session))
    const root = hexToBytes(record.root, 32)
    const ids = await sessions.readLog(turn.session, logKeyOf(root))
    const [leg] = record.legs
    const { promptTo } = record.turn
    const epoch = epochKey(root, { leg: 0, generation: 0, providerPeer: leg?.open.providerPeer ?? '0x', modelId: record.modelId })
    keys = { root, epoch, salt: auditSalt(root, 0), log: logKeyOf(root) }
    rows = {
      prompt: Buffer.from(prompt),
      answer: Buffer.from(turn.summary().text),
      'prompt ids': ids.slice(TEMPLATE, promptTo - TEMPLATE),
      'answer ids': ids.slice(promptTo)
    }
    for (const [what, row] of Object.entries(rows)) expect(row.length, what).to.be.above(100)
    turn.cancel()
    await events.return?.()
  }

  it('the serving provider’s memory has the ids and the key: the search works', () => {
    expect(findKeys(memory.serving, keys).some((hit) => hit.startsWith('epoch (raw)'))).to.equal(true)
    const hits = findRuns(memory.serving, rows)
    for (const what of ['prompt ids', 'answer ids'])
      expect(
        hits.some((hit) => hit.startsWith(what)),
        what
      ).to.equal(true)
  })

  it('the successor’s memory has none of the keys', () => {
    expect(findKeys(memory.successor, keys)).to.deep.equal([])
  })

  it('the successor’s memory has neither prompt nor answer, as text or as ids', () => {
    expect(findRuns(memory.successor, rows, memory.before)).to.deep.equal([])
  })

  it('the successor’s disk has no key, no prompt and no answer', () => {
    expect(disk.some(({ where }) => where.endsWith('.kv'))).to.equal(true)
    expect(findKeys(disk, keys)).to.deep.equal([])
    expect(findRuns(disk, rows)).to.deep.equal([])
  })

  it('what it stores does not compress', () => {
    const sealed = disk.filter(({ where, bytes }) => where.includes(`${join('standby', '')}`) && bytes.length > 0)
    expect(sealed).to.have.length(1)
    const { bytes } = sealed[0] as Piece
    expect(gzipSync(bytes, { level: 9 }).length / bytes.length).to.be.at.least(0.99)
  })
})

const canRead = (pid: number): boolean => {
  try {
    return memoryOf(pid).length > 0
  } catch {
    return false
  }
}

/** Reads the answer until the condition holds, and leaves the rest for later. */
const drainUntil = async (events: AsyncIterator<unknown>, holds: () => boolean): Promise<void> => {
  while (!holds()) if ((await events.next()).done === true) throw new Error('the answer ended too early')
}

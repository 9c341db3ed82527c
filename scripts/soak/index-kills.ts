/**
 * An indexer in a process of its own, killed by SIGKILL at random moments while it fills up from a chain that is reorganised meanwhile.
 * In the end every row must be what a fresh index has. KILLS and SEED change the run; STORE=postgres puts the index in a database.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeChain, type Random, randomOf } from '../../test/node/explorer/fake-chain.ts'
import { folders, followToHead, freshRows, openIndex, rowsOf } from '../../test/node/explorer/index-states.ts'
import { Postgres } from '../../test/node/lib/postgres.ts'
import { type IndexPlace, openPlace } from './index-place.ts'

const KILLS = Number(process.env['KILLS'] ?? 100)
const BLOCKS = 13_000 // over 50 000 events
const SPAN = 32 // so that a back-fill has many ranges to be killed in
/** In blocks, so that a fast machine is no nearer to the end when the last kill comes. */
const LIFE_BLOCKS_MAX = (1.6 * BLOCKS) / KILLS
const LIFE_MS_MAX = 2_000
const WITHIN_MS = 20 // of a range: a kill falls anywhere in one
const BLOCKS_A_KILL = 20
const DEPTH_MAX = 60 // finality is 64

const say = (text: string): void => void process.stderr.write(`${text}\n`)

export const indexKills = async (): Promise<object> => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  const random = randomOf(seed)
  const chain = new FakeChain(seed)
  chain.mine(BLOCKS)
  chain.spanMax = SPAN
  const events = chain.logs.length
  say(`SEED=${seed}: ${events} events in ${chain.head} blocks`)
  const rpc = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString())
    const reply = await chain.rpc.send(method, params).then(
      (result) => ({ result }),
      (error) => ({ error: { code: -32_602, message: String(error) } })
    )
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...reply }))
  })
  await new Promise<void>((resolve) => rpc.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(rpc.address() as AddressInfo).port}`

  const dirs = folders()
  const server = process.env['STORE'] === 'postgres' ? await new Postgres().start() : null
  const place: IndexPlace = { dir: dirs.make(), database: server && { url: server.url, password: server.password } }
  let reorganised = 0
  let whileFilling = 0
  let next = startChild()
  for (let kill = 1; kill <= KILLS; kill++) {
    const current = next
    next = startChild()
    const block = await liveAndDie(current, url, place, random)
    if (block < chain.head - SPAN) whileFilling++
    chain.mine(BLOCKS_A_KILL)
    if (random() < 0.5) {
      chain.reorganise(1 + Math.floor(random() * DEPTH_MAX))
      reorganised++
    }
    if (kill % 10 === 0) say(`${kill} kills, ${reorganised} reorganisations, at block ${block} of ${chain.head}`)
  }
  next.child.kill('SIGKILL')
  const { store, indexer } = await openIndex(chain, await openPlace(place))
  await followToHead(indexer)
  const [rows, fresh] = [await rowsOf(store), await freshRows(chain, dirs.make())]
  await store.close()
  rpc.close()
  await server?.stop()
  dirs.remove()
  const wrong = [...new Set([...rows.keys(), ...fresh.keys()])].filter((key) => rows.get(key) !== fresh.get(key))
  if (wrong.length > 0) throw new Error(`SEED=${seed}: ${wrong.length} rows differ from a fresh index, the first is ${wrong[0]}`)
  return {
    store: server === null ? 'LevelDB' : 'PostgreSQL',
    seed,
    kills: KILLS,
    killsWhileFilling: whileFilling,
    reorganisations: reorganised,
    events,
    rows: rows.size,
    differ: 0
  }
}

interface Waiting {
  child: ChildProcess
  exited: Promise<void>
}

/** Loaded and waiting: most of a short life would else be spent on loading. */
const startChild = (): Waiting => {
  const child = fork(join(import.meta.dirname, 'index-child.ts'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return { child, exited: new Promise<void>((resolve) => child.once('exit', () => resolve())) }
}

/** Returns the block that the child last told of. */
const liveAndDie = async ({ child, exited }: Waiting, url: string, place: IndexPlace, random: Random): Promise<number> => {
  let block = 0
  let goal: number | undefined
  const old = Promise.withResolvers<void>()
  const open = new Promise<void>((resolve, reject) => {
    child.on('message', (told: number) => {
      block = told
      goal ??= told + random() * LIFE_BLOCKS_MAX
      if (told >= goal) old.resolve()
      resolve()
    })
    child.once('exit', (code) => reject(new Error(`the indexer ended by itself with ${code}`)))
  })
  child.send({ url, place })
  await open
  await Promise.race([old.promise, sleep(LIFE_MS_MAX)])
  await sleep(random() * WITHIN_MS)
  child.kill('SIGKILL')
  await exited
  return block
}

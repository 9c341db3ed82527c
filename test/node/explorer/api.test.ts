import { expect } from 'chai'
import { createExplorer, Publisher } from '../../../node/explorer/index.ts'
import { openIndexStore } from '../../../node/explorer/index-store.ts'
import { Indexer } from '../../../node/explorer/indexer.ts'
import { startOf } from '../../../node/explorer/periods.ts'
import type { SessionRow } from '../../../node/explorer/publish.ts'
import { keys } from '../../../node/explorer/rows.ts'
import type { ServedRow } from '../../../node/explorer/served.ts'
import { domainOf, readBatches } from '../../../sdk/chain/index.ts'
import { silentLog, systemClock } from '../../../sdk/components.ts'
import { batchLeaf, batchProof } from '../../../sdk/protocol/batch-tree.ts'
import { bytesToHex } from '../../../sdk/protocol/eth.ts'
import { decodeJson } from '../../../sdk/protocol/json.ts'
import { PROOF_BYTES_MAX, type ProofJson, proofToJson, readProof } from '../../../sdk/protocol/proof-file.ts'
import { EndReason, receiptHash, signTyped, type WorkReceipt } from '../../../sdk/protocol/typed-data.ts'
import { WorkTree, workLeaf, workProof } from '../../../sdk/protocol/work-tree.ts'
import { hashOf, type Market, OPEN, type Person, startMarket } from '../../contracts/market.ts'
import { doubtful, folders, followToHead } from './index-states.ts'

const model = hashOf('model')
const session = hashOf('session')

describe('the explorer over HTTP', function () {
  this.timeout(120_000)
  const dirs = folders()
  let market: Market
  let provider: Person
  let client: Person
  let indexer: Indexer
  let app: ReturnType<typeof createExplorer>['app']
  let proofs: ProofJson[]
  let close: () => Promise<void>

  before(async () => {
    market = await startMarket()
    provider = await market.person('provider')
    client = await market.person('client')
    await client.ledger.deposit(client.wallet.address, 100n * OPEN)
    proofs = await settleTwoReceipts()
    const { rpc, deployment } = market
    const store = await openIndexStore(dirs.make())
    indexer = new Indexer({ rpc, deployment, store, clock: systemClock, log: silentLog })
    await indexer.open()
    await followToHead(indexer)
    const publisher = new Publisher(store, deployment)
    app = createExplorer({ store, indexer, publisher, rpc, deployment, clock: systemClock, log: silentLog, version: '0' }).app
    close = () => store.close()
  })
  after(async () => {
    await close()
    await market.close()
    dirs.remove()
  })

  /** Two legs of one session, paid by one voucher. */
  const settleTwoReceipts = async (): Promise<ProofJson[]> => {
    const domain = domainOf(market.deployment)
    const none = `0x${'00'.repeat(32)}` as const
    const rest = { sessionId: session, seq: 0, client: client.wallet.address, provider: provider.wallet.address, modelId: model }
    const hashes = { outputHash: hashOf('out'), kvHead: none, fingerprint: none }
    const receipts: WorkReceipt[] = [
      { ...rest, ...hashes, leg: 0, from: 0, to: 30, promptUnits: 20, amount: 2n * OPEN, end: EndReason.died },
      { ...rest, ...hashes, leg: 1, from: 30, to: 50, promptUnits: 0, amount: OPEN, end: EndReason.finished }
    ]
    const totals = [2n * OPEN, 3n * OPEN]
    const leaves = receipts.map((receipt, i) => workLeaf(receiptHash(domain, receipt), totals[i]!))
    const tree = new WorkTree()
    for (const leaf of leaves) tree.append(leaf)
    const voucher = { client: rest.client, provider: rest.provider, modelId: model, cumulative: 3n * OPEN, units: 50 }
    const signature = signTyped(domain, 'Voucher', { ...voucher, workRoot: tree.root() }, client.wallet.secretKey)
    const item = { client: rest.client, cumulative: 3n * OPEN, units: 50, workRoot: tree.root(), signature }
    await provider.ledger.settle([{ modelId: model, items: [item] }])
    const [batch] = await readBatches(market.rpc, market.deployment, provider.wallet.address)
    const [leaf] = batch!.leaves!
    return receipts.map((receipt, index) =>
      proofToJson({
        domain,
        receipt,
        receiptHash: receiptHash(domain, receipt),
        signature: bytesToHex(signTyped(domain, 'WorkReceipt', receipt, provider.wallet.secretKey)),
        work: { index, cumAfter: totals[index]!, siblings: workProof(leaves, index) },
        batch: {
          number: 0,
          leaf: { from: leaf!.from, to: leaf!.to, units: leaf!.units, workRoot: leaf!.workRoot },
          siblings: batchProof([batchLeaf(leaf!)], 0),
          header: batch!.header
        },
        transaction: { hash: batch!.transaction, block: batch!.block }
      })
    )
  }

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await app.request(path, { headers })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null }
  }
  const post = async (proof: unknown) => {
    const body = typeof proof === 'string' ? proof : JSON.stringify(proof)
    const response = await app.request('/api/receipts', { method: 'POST', body })
    return { status: response.status, body: await response.json() }
  }

  it('tells the totals as decimal strings of wei', async () => {
    const { body } = await get('/api/summary')
    expect(body).to.include({
      chainId: 31_337,
      batches: 1,
      payments: 1,
      settled: String(3n * OPEN),
      deposited: String(100n * OPEN)
    })
    const account = provider.wallet.address
    expect((await get(`/api/providers/${account}`)).body).to.include({ earned: String(3n * OPEN), batches: 1 })
    expect((await get(`/api/batches/${account}/0`)).body.payments[0]).to.include({ from: '0', to: String(3n * OPEN) })
    expect((await get(`/api/accounts/${client.wallet.address}`)).body).to.include({ spent: String(3n * OPEN) })
    expect((await get(`/api/models/${model}/providers`)).body.items).to.deep.equal([{ account, paid: String(3n * OPEN) }])
    expect((await get('/api/models')).body.items[0]).to.include({ modelId: model, paid: String(3n * OPEN) })
  })

  it('stores a receipt that proves itself, once, and shows the session by its legs', async () => {
    expect((await get(`/api/sessions/${session}`)).status).to.equal(404)
    for (const proof of proofs)
      expect(await post(proof)).to.deep.equal({ status: 201, body: { hash: proof.receiptHash, stored: true } })
    expect(await post(proofs[0])).to.deep.equal({ status: 200, body: { hash: proofs[0]!.receiptHash, stored: false } })
    const { body } = await get(`/api/sessions/${session}`)
    expect(body.legs.map(({ leg, from, to, end, amount }: any) => [leg, from, to, end, amount])).to.deep.equal([
      [0, 0, 30, 'died', String(2n * OPEN)],
      [1, 30, 50, 'finished', String(OPEN)]
    ])
    expect((await get(`/api/receipts/${proofs[1]!.receiptHash}/proof`)).body).to.deep.equal(proofs[1])
    expect((await get(`/api/receipts/${proofs[1]!.receiptHash}`)).body).to.include({ settled: true, signed: true, batch: 0 })
    expect((await get(`/api/batches/${provider.wallet.address}/0/receipts`)).body.items).to.have.length(2)
    expect((await get('/api/sessions')).body.items).to.deep.equal([
      { id: session, receipts: 2, amount: String(3n * OPEN), paidAt: proofs[0]!.batch.header.postedAt }
    ])
  })

  it('adds up what its receipts tell of the work, each once, and what that cost', async () => {
    const account = provider.wallet.address
    const served = { receipts: 2, read: '20', written: '30', ends: { died: 1, finished: 1 } }
    for (const path of ['/api/summary', `/api/providers/${account}`, `/api/models/${model}`])
      expect((await get(path)).body.served, path).to.deep.equal(served)
    expect((await get('/api/providers')).body.items.map((row: any) => row.served)).to.deep.equal([served])
    const { postedAt } = proofs[0]!.batch.header
    // The first receipt holds prompt and answer: what a position cost in it, it does not tell.
    expect((await get(`/api/providers/${account}/models`)).body.items).to.deep.equal([
      { ...served, modelId: model, paid: String(3n * OPEN), price: String(OPEN / 20n), pricedAt: postedAt }
    ])
    const price = { written: '20', paid: String(OPEN), low: String(OPEN / 20n), high: String(OPEN / 20n) }
    expect((await get(`/api/models/${model}/prices`)).body.items).to.deep.equal([
      { day: postedAt - (postedAt % 86_400), ...price }
    ])
  })

  it('counts a receipt once whose write failed and was stored all the same', async () => {
    const { rpc, deployment } = market
    const disk = await openIndexStore(dirs.make())
    const own = new Indexer({ rpc, deployment, store: disk, clock: systemClock, log: silentLog })
    await own.open()
    await followToHead(own)
    const draws = [0, 0] // it fails, and is stored
    const store = doubtful(() => draws.shift() ?? 1, 1)(disk)
    await store.batch([]) // the first never fails
    const publisher = new Publisher(store, deployment)
    const both = proofs.map((proof) => readProof(JSON.stringify(proof)))
    await publisher.accept(both).then(
      () => expect.fail('it was stored'),
      (error) => expect(error).to.have.property('code', 'STORE_DOWN')
    )
    for (const proof of both) await publisher.accept([proof])
    expect(decodeJson<SessionRow>((await disk.get(keys.session(session)))!)).to.include({
      receipts: 2,
      amount: String(3n * OPEN)
    })
    expect(decodeJson<ServedRow>((await disk.get(keys.served('all')))!)).to.include({ receipts: 2, written: 30n })
    await disk.close()
  })

  it('refuses what does not hold, naming the step', async () => {
    const [proof] = proofs as [ProofJson]
    const broken: [step: string, proof: unknown][] = [
      ['format', '{'],
      ['format', ' '.repeat(PROOF_BYTES_MAX + 1)],
      ['format', { ...proof, chainId: 1 }],
      ['receipt', { ...proof, receipt: { ...proof.receipt, to: 31 } }],
      ['signer', { ...proof, signature: proofs[1]!.signature }],
      ['work', { ...proof, work: { ...proof.work, index: 1 } }],
      ['batch', { ...proof, batch: { ...proof.batch, leaf: { ...proof.batch.leaf, units: 51 } } }],
      ['commit', { ...proof, batch: { ...proof.batch, number: 1 } }],
      ['transaction', { ...proof, transaction: { ...proof.transaction, block: 1 } }]
    ]
    for (const [step, value] of broken) {
      const { status, body } = await post(value)
      expect([status, body.error.code, body.error.step]).to.deep.equal([422, 'PROOF_INVALID', step])
    }
  })

  it('finds ids, accounts and transactions', async () => {
    const { address } = provider.wallet
    const find = async (q: string) => (await get(`/api/search?q=${q}`)).body.items
    expect(await find(session)).to.deep.equal([`/api/sessions/${session}`])
    expect(await find(proofs[0]!.receiptHash.toUpperCase().replace('0X', '0x'))).to.deep.equal([
      `/api/receipts/${proofs[0]!.receiptHash}`
    ])
    expect(await find(proofs[0]!.transaction.hash)).to.deep.equal([`/api/batches/${address}/0`])
    expect(await find(address)).to.deep.equal([`/api/providers/${address}`])
    expect(await find(model)).to.deep.equal([`/api/models/${model}`])
    expect(await find('<script>')).to.deep.equal([])
  })

  it('finds what begins like this, and asks for four digits', async () => {
    const find = async (q: string) => (await get(`/api/search?q=${q}`)).body.items
    const { address } = provider.wallet
    expect(await find(session.slice(0, 10))).to.deep.equal([`/api/sessions/${session}`])
    expect(await find(address.slice(0, 12))).to.deep.equal([`/api/providers/${address}`])
    expect(await find(proofs[0]!.transaction.hash.slice(0, 12))).to.deep.equal([`/api/batches/${address}/0`])
    for (const much of ['0x', session.slice(0, 5), `${session}00`, 'cursor']) expect(await find(much), much).to.deep.equal([])
  })

  it('tells what was settled by day, and states a period alone', async () => {
    const { postedAt } = proofs[0]!.batch.header
    const row = { settled: String(3n * OPEN), royalties: '0', batches: 1, payments: 1, written: '30' }
    const day = { day: startOf(postedAt, 'day'), ...row }
    for (const path of ['', `/providers/${provider.wallet.address}`, `/models/${model}`])
      expect((await get(`/api${path}/days`)).body.items, path).to.deep.equal([day])
    expect((await get('/api/hours')).body.items).to.deep.equal([{ hour: startOf(postedAt, 'hour'), ...row }])
    expect((await get('/api/weeks')).body.items).to.deep.equal([{ week: startOf(postedAt, 'week'), ...row }])
    const path = `/api/accounts/${client.wallet.address}/statement.csv`
    const [header, ...lines] = (await get(path)).text.trim().split('\r\n')
    for (const length of [4, 7, 10]) {
      const period = lines[0]!.slice(0, length)
      const stated = (await get(`${path}?period=${period}`)).text.trim().split('\r\n')
      expect(stated, period).to.deep.equal([header, ...lines.filter((line) => line.startsWith(period))])
    }
    expect((await get(`${path}?period=1999-01`)).text.trim().split('\r\n')).to.have.length(1)
    for (const bad of ['99', '2026-1', '2026-11-25T00']) expect((await get(`${path}?period=${bad}`)).status, bad).to.equal(400)
  })

  it('tells the balance of a client and of a provider after every change, with what changed it', async () => {
    const [payer, earner] = [client, provider].map(({ wallet }) => wallet.address)
    const { items, next } = (await get(`/api/accounts/${payer}/balance`)).body
    expect(items.map(({ balance }: any) => balance)).to.deep.equal([97n * OPEN, 100n * OPEN].map(String))
    expect(items.map(({ batch }: any) => batch)).to.deep.equal([{ provider: earner, number: 0 }, null])
    expect(next).to.equal(null)
    for (const { block, logIndex, at } of items)
      expect((await get(`/api/events/${block}-${logIndex}`)).body).to.include({ at, block, logIndex })
    expect((await get(`/api/accounts/${payer}/balance?by=day`)).body.items).to.deep.equal([items[0]])
    const earned = (await get(`/api/providers/${earner}/balance?by=hour`)).body.items
    expect(earned.map(({ balance }: any) => balance)).to.deep.equal([String(3n * OPEN)])
    expect((await get(`/api/providers/${payer}/balance`)).body.items).to.deep.equal([])
    expect((await get(`/api/providers/${earner}/balance?by=year`)).body.error.code).to.equal('BAD_REQUEST')
  })

  it('pages through a list with nothing skipped or told twice, and refuses what is no page', async () => {
    const seen: string[] = []
    let next: string | null = null
    do {
      const { body } = await get(`/api/events?limit=1${next === null ? '' : `&cursor=${next}`}`)
      seen.push(...body.items.map(({ block, logIndex }: any) => `${block}-${logIndex}`))
      next = body.next
    } while (next !== null)
    expect(new Set(seen).size).to.equal(seen.length)
    expect(seen).to.have.length((await get('/api/summary')).body.events)
    for (const query of ['limit=0', 'limit=201', 'limit=x', `cursor=${'A'.repeat(300)}`, 'cursor=AAAA']) {
      expect((await get(`/api/events?${query}`)).body.error.code, query).to.equal('BAD_REQUEST')
    }
    for (const path of ['/api/sessions/0x12', '/api/batches/0x12', `/api/batches/${provider.wallet.address}/-1`]) {
      expect((await get(path)).status, path).to.equal(400)
    }
    expect((await get('/api/nothing')).status).to.equal(404)
    expect((await get('/openapi.json')).body.paths).to.have.property('/api/summary')
  })

  it('gives a statement whose every line names its transaction', async () => {
    const { text } = await get(`/api/accounts/${client.wallet.address}/statement.csv`)
    const rows = text
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(rows.map(([, kind]) => kind)).to.deep.equal(['kind', 'deposit', 'spent'])
    expect([rows[2]![3], rows[2]![4], rows[2]![7]]).to.deep.equal([
      String(3n * OPEN),
      provider.wallet.address,
      proofs[0]!.transaction.hash
    ])
  })

  it('gives the same statement as a list, and each line’s event by its place', async () => {
    for (const account of [client, provider].map(({ wallet }) => wallet.address)) {
      const { text } = await get(`/api/accounts/${account}/statement.csv`)
      const lines: any[] = []
      let next: string | null = null
      do {
        const { body } = await get(`/api/accounts/${account}/statement?limit=1${next === null ? '' : `&cursor=${next}`}`)
        lines.push(...body.items)
        next = body.next
      } while (next !== null)
      const columns = lines.map(({ kind, amount, other, batch, block, transaction, logIndex }) =>
        [kind, amount, other, batch, block, transaction, logIndex].join()
      )
      const rows = text.trim().split('\r\n').slice(1)
      expect(columns).to.deep.equal(rows.map((row) => row.split(',').toSpliced(2, 1).slice(1).join()))
      for (const { block, logIndex, transaction } of lines) {
        expect((await get(`/api/events/${block}-${logIndex}`)).body.transaction).to.equal(transaction)
      }
    }
    expect((await get('/api/events/9999999-0')).status).to.equal(404)
    expect((await get('/api/events/one')).status).to.equal(400)
  })

  it('answers 304 until something changed, and streams events from where a reader left', async () => {
    const etag = (await get('/api/summary')).headers.get('etag')!
    expect((await get('/api/summary', { 'if-none-match': etag })).status).to.equal(304)
    const first = (await get('/api/events')).body.items.at(-1)
    const response = await app.request('/api/events', {
      headers: { accept: 'text/event-stream', 'last-event-id': `${first.block}-${first.logIndex}` }
    })
    const reader = response.body!.getReader()
    const decoder = new TextDecoder()
    let text = ''
    const readUntil = async (what: string): Promise<void> => {
      while (!text.includes(what)) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`the stream ended before ${what}`)
        text += decoder.decode(value)
      }
    }
    await readUntil('BatchSettled')
    expect(text).not.to.include(`id: ${first.block}-${first.logIndex}\n`)
    await client.ledger.deposit(client.wallet.address, 7n * OPEN)
    await followToHead(indexer)
    await readUntil(`"amount":"${7n * OPEN}"`)
    await reader.cancel()
    expect((await get('/api/summary', { 'if-none-match': etag })).status).to.equal(200)
  })
})

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { silentLog, systemClock, systemRng } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { type ApiKey, addKey, bookOf, formatKeys, parseKeys, revokeKey } from '../../../../node/gateway/keys/book.ts'
import { followKeys, readKeys, writeKeys } from '../../../../node/gateway/keys/file.ts'
import { spendBook } from '../../../../node/gateway/keys/spend.ts'
import { openSpending, readSpending } from '../../../../node/gateway/keys/spend-file.ts'
import { ownerOfKey } from '../../../../node/gateway/owners.ts'
import { until } from '../../../support/until.ts'
import { noProvider, token } from '../fake-client.ts'
import { basic, harness } from '../harness.ts'

const DAY = Date.UTC(2026, 10, 26)
const made = (limits: Omit<ApiKey, 'hash' | 'created'>, keys: ApiKey[] = []) => addKey(keys, limits, systemRng.bytes, DAY)
const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } })
const codeIn = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return codeOf(error)
  }
  return 'none'
}
/** What the scripted client charges for an answer. */
const COST = 246913578024691357802468n

describe('gateway key book', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'seam-keys-'))
  })
  after(() => rm(dir, { recursive: true }))

  it('keeps hashes and limits, never a key, in a file for its owner alone', async () => {
    const { keys, secret } = made({ name: 'ada', perDay: 5n, perMinute: 3 })
    const path = join(dir, 'keys.json')
    await writeKeys(path, keys)
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    expect(await readFile(path, 'utf8')).not.to.contain(secret.slice('sk-seam-'.length))
    expect(readKeys(path)).to.deep.equal(keys.map((key) => ({ ...key }) as ApiKey).map(({ total: _, ...key }) => key))
    expect(bookOf(keys).find(ownerOfKey(secret))?.name).to.equal('ada')
  })

  it('a name is taken for good, a revoked key may not call', () => {
    const { keys, secret } = made({ name: 'ada' })
    const revoked = revokeKey(keys, 'ada', DAY)
    expect(bookOf(revoked).find(ownerOfKey(secret))).to.equal(undefined)
    for (const run of [() => made({ name: 'ada' }, revoked), () => made({ name: 'a b' }), () => revokeKey(revoked, 'ada', DAY)])
      expect(codeIn(run)).to.equal('CONFIG')
  })

  it('refuses a file that it did not write whole', () => {
    const text = formatKeys(made({ name: 'ada' }).keys)
    for (const bad of ['', '{}', text.slice(0, -5), text.replace('"version": 1', '"version": 2'), text.replace('ada', 'a/b')])
      expect(codeIn(() => parseKeys(bad))).to.equal('CONFIG')
  })

  it('a running gateway hears of new and revoked keys, and keeps the old ones while the file is broken', async () => {
    const path = join(dir, 'followed.json')
    const errors: string[] = []
    const log = { ...silentLog, error: (_: object, text: string) => void errors.push(text) }
    const book = followKeys(path, log, 20)
    const { keys, secret } = made({ name: 'ada' })
    expect(book.find(ownerOfKey(secret))).to.equal(undefined)
    await writeKeys(path, keys)
    await until(() => book.find(ownerOfKey(secret)) !== undefined)
    await writeFile(path, '{')
    await until(() => errors.length > 0)
    expect(book.find(ownerOfKey(secret))?.name).to.equal('ada')
    await writeKeys(path, revokeKey(keys, 'ada', DAY))
    await until(() => book.find(ownerOfKey(secret)) === undefined)
    book.close()
  })

  it('spending outlives the process, a line that a crash cut short does not count', async () => {
    const path = join(dir, 'spend.jsonl')
    const hash = ownerOfKey('k')
    const one = { amount: 3n, promptTokens: 1, completionTokens: 2, answers: 1 }
    const first = await openSpending(path, systemClock)
    await Promise.all([first.add(hash, one), first.add(hash, one), first.add(ownerOfKey('other'), one)])
    expect((await readSpending(path)).total(hash)).to.equal(6n) // beside the running gateway
    await first.close()
    await writeFile(path, `${await readFile(path, 'utf8')}["2026-11-2`)
    const again = await openSpending(path, systemClock)
    expect([again.total(hash), again.days(hash)[0]?.[1].answers]).to.deep.equal([6n, 2])
    expect((await readFile(path, 'utf8')).trim().split('\n')).to.have.length(2) // a line a key and day
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    await again.close()
    await writeFile(path, 'nonsense\n')
    expect(await readSpending(path).catch(codeOf)).to.equal('STORE_CORRUPT')
  })
})

describe('gateway quotas', () => {
  const setup = (limits: Omit<ApiKey, 'hash' | 'created' | 'name'>) => {
    let nowMs = DAY
    const clock = { ...systemClock, nowMs: () => nowMs }
    const { keys, secret } = made({ name: 'ada', ...limits })
    const spend = spendBook(clock)
    const gateway = harness(undefined, {}, { keys: bookOf(keys), spend, clock })
    const booked = async (answers: number): Promise<void> => {
      const seen = () => spend.days(ownerOfKey(secret)).reduce((sum, [, day]) => sum + day.answers, 0)
      while (seen() < answers) await systemClock.sleep(5)
      await gateway.settled()
      expect(seen()).to.equal(answers)
    }
    return { ...gateway, secret, spend, booked, pass: (ms: number) => void (nowMs += ms) }
  }

  it('a day: refused as OpenAI refuses a spent quota, until midnight UTC', async () => {
    const { ask, secret, booked, pass, client } = setup({ perDay: COST })
    expect((await ask(basic, bearer(secret))).status).to.equal(200)
    await booked(1)
    const refused = await ask(basic, bearer(secret))
    expect([refused.status, refused.json.error.code, refused.json.error.type]).to.deep.equal([
      429,
      'KEY_QUOTA',
      'insufficient_quota'
    ])
    expect(refused.headers.get('x-should-retry')).to.equal('false')
    expect(client.requests).to.have.length(1)
    pass(86_400_000)
    expect((await ask(basic, bearer(secret))).status).to.equal(200)
  })

  it('in all: midnight changes nothing', async () => {
    const { ask, secret, booked, pass } = setup({ total: 2n * COST })
    for (const n of [1, 2]) {
      expect((await ask(basic, bearer(secret))).status).to.equal(200)
      await booked(n)
      pass(86_400_000)
    }
    expect((await ask(basic, bearer(secret))).json.error.code).to.equal('KEY_QUOTA')
  })

  it('an answer that runs counts as far as it is; one that is left is booked too', async () => {
    const { ask, post, secret, booked, client } = setup({ total: COST })
    client.play({ steps: [[token(0, 'A')], 60_000, [token(1, 'b')]] })
    const running = await post({ ...basic, stream: true }, bearer(secret))
    expect((await ask(basic, bearer(secret))).json.error.code).to.equal('KEY_QUOTA')
    await running.body?.cancel()
    await booked(1)
  })

  it('an answer that fails after it began is booked once, one that never began is not', async () => {
    const { ask, post, get, secret, booked, client } = setup({})
    client.play({ refuse: noProvider() })
    expect((await ask(basic, bearer(secret))).status).to.equal(503)
    client.play({ steps: [[token(0, 'A')], noProvider()] })
    await (await post({ ...basic, stream: true }, bearer(secret))).text()
    await booked(1)
    const { json } = await get('/v1/usage', bearer(secret))
    expect(json.total).to.deep.equal({ answers: 1, prompt_tokens: 30, completion_tokens: 1, amount: String(COST) })
    expect(json.days[0]).to.include({ day: '2026-11-26', amount: String(COST) })
    expect([json.key, json.quota.day]).to.deep.equal(['ada', null])
  })

  it('the report is for the key alone', async () => {
    const { get } = setup({})
    expect((await get('/v1/usage')).status).to.equal(401)
    expect((await get('/v1/usage', bearer('sk-seam-other'))).status).to.equal(401)
  })

  it('n answers are booked as n, streamed or not', async () => {
    const { ask, post, secret, booked, spend } = setup({})
    await ask({ ...basic, n: 3 }, bearer(secret))
    await booked(3)
    await (await post({ ...basic, n: 2, stream: true }, bearer(secret))).text()
    await booked(5)
    expect(spend.total(ownerOfKey(secret))).to.equal(5n * COST)
  })

  it('what an answer cost is read when it is closed, not when it was left', async () => {
    const { post, secret, booked, client, spend } = setup({})
    const summary = { amount: 1n }
    client.play({ steps: [[token(0, 'A')], 60_000], summary })
    const running = await post({ ...basic, stream: true }, bearer(secret))
    const cancelled = running.body?.cancel()
    summary.amount = 7n
    await cancelled
    await booked(1)
    expect(spend.total(ownerOfKey(secret))).to.equal(7n)
  })
})

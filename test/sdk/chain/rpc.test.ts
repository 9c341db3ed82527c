import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { deploy, Rpc, Sender, verifyDeployment } from '../../../sdk/chain/index.ts'
import { randomSecretKey, ZERO_ADDRESS } from '../../../sdk/protocol/eth.ts'
import { hashOf, type Market, named, OPEN, startMarket } from '../../contracts/market.ts'

/** A node that answers whatever it is told to. */
const fakeNode = async (answer: (method: string) => string | null): Promise<{ url: string; server: Server }> => {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const text = answer((JSON.parse(body) as { method: string }).method)
      if (text !== null) response.end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

describe('rpc', function () {
  this.timeout(30_000)
  let market: Market

  before(async () => {
    market = await startMarket()
  })
  after(() => market.close())

  const failure = async (act: Promise<unknown>): Promise<{ code: string; message: string }> =>
    act.then(
      () => ({ code: 'none', message: '' }),
      (e) => e
    )

  it('says that a chain is down', async () => {
    const error = await failure(new Rpc('http://127.0.0.1:1').blockNumber())
    expect(error.code).to.equal('CHAIN_DOWN')
    expect(error.message).to.include('http://127.0.0.1:1')
  })

  it('says that what answers is no chain', async () => {
    for (const text of ['<html>', '{}', '[]', '{"result":"abc"}', '{"result":null}', '{"result":{}}']) {
      const { url, server } = await fakeNode(() => text)
      expect((await failure(new Rpc(url).blockNumber())).code, text).to.equal('CHAIN_DOWN')
      server.close()
    }
  })

  it('gives up at the deadline', async () => {
    const { url, server } = await fakeNode(() => null)
    const started = performance.now()
    expect((await failure(new Rpc(url, { deadlineMs: 60 }).blockNumber())).code).to.equal('CHAIN_TIMEOUT')
    expect(performance.now() - started).to.be.below(1_000)
    server.closeAllConnections()
    server.close()
  })

  it('gives up on a transaction that is never mined', async () => {
    const answers: Record<string, unknown> = {
      eth_chainId: '0x1',
      eth_getTransactionCount: '0x0',
      eth_gasPrice: '0x1',
      eth_getBlockByNumber: {}
    }
    const { url, server } = await fakeNode((method) =>
      JSON.stringify({ result: answers[method] ?? (method === 'eth_getTransactionReceipt' ? null : '0x') })
    )
    const sender = new Sender(new Rpc(url), randomSecretKey(), { confirmMs: 50 })
    const error = await failure(sender.send({ to: ZERO_ADDRESS, data: '0x', gasLimit: 21_000, what: 'waiting' }))
    expect(error.code).to.equal('CHAIN_TIMEOUT')
    expect(error.message).to.include('waiting')
    server.closeAllConnections()
    server.close()
  })

  it('decodes a revert wherever the node puts it', async () => {
    const data = `0x${hashOf('NothingEarned(address)').slice(2, 10)}${'0'.repeat(64)}`
    for (const error of [
      { code: 3, data },
      { code: -32_603, data: { data } },
      { code: -32_000, data: { data: { data } } }
    ]) {
      const { url, server } = await fakeNode(() => JSON.stringify({ error: { message: 'execution reverted', ...error } }))
      const thrown = await failure(new Rpc(url).call({ to: ZERO_ADDRESS, data: '0x' }))
      expect(thrown.message).to.include(`NothingEarned(${ZERO_ADDRESS})`)
      server.close()
    }
  })

  it('tells a node in trouble from a request it refuses', async () => {
    for (const [code, expected] of [
      [-32_005, 'CHAIN_DOWN'],
      [-32_603, 'CHAIN_DOWN'],
      [-32_601, 'CHAIN_REVERTED']
    ] as const) {
      const { url, server } = await fakeNode(() => JSON.stringify({ error: { code, message: 'no' } }))
      expect((await failure(new Rpc(url).blockNumber())).code).to.equal(expected)
      server.close()
    }
  })

  it('explains an account without gas money', async () => {
    const poor = new Sender(market.rpc, randomSecretKey())
    const error = await failure(poor.send({ to: ZERO_ADDRESS, data: '0x', gasLimit: 21_000, what: 'sending' }))
    expect(error.code).to.equal('CHAIN_REVERTED')
    expect(error.message).to.match(/enough funds|insufficient/i)
  })

  it('carries on after a failed transaction', async () => {
    const person = await market.person('unlucky')
    const results = await Promise.allSettled([
      person.ledger.claim(person.wallet.address),
      person.ledger.deposit(person.wallet.address, OPEN),
      person.ledger.finishExit(),
      person.ledger.deposit(person.wallet.address, OPEN)
    ])
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
    expect((await person.ledger.account(person.wallet.address)).balance).to.equal(2n * OPEN)
  })

  it('reports a transaction that fails only when it is mined', async () => {
    const error = await failure(
      market.admin.sender.send({ to: null, data: '0x600160005260206000fd', gasLimit: 100_000, what: 'deploying nothing' })
    )
    expect(error.code).to.equal('CHAIN_REVERTED')
    expect(error.message).to.include('deploying nothing')
  })

  it('knows our contracts from others', async () => {
    await verifyDeployment(market.rpc, market.deployment)
    const { ledger, registry } = market.deployment
    expect((await failure(verifyDeployment(market.rpc, { ...market.deployment, ledger: registry }))).code).to.equal('CONFIG')
    expect(
      (await failure(verifyDeployment(market.rpc, { ...market.deployment, registry: named('nobody').address }))).code
    ).to.equal('CONFIG')
    expect((await failure(verifyDeployment(market.rpc, { ...market.deployment, chainId: 1_612 }))).code).to.equal('CONFIG')
    const native = await deploy(market.admin.sender, { token: ZERO_ADDRESS })
    await verifyDeployment(market.rpc, native)
    expect(native.ledger).to.not.equal(ledger)
  })
})

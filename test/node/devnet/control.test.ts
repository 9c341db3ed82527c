/** Both ends of the channel between a devnet and its gateway. */
import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import { answerControl, controlOverIpc } from '../../../node/devnet/control.ts'
import type { DevnetControl } from '../../../node/gateway/playground.ts'
import { codeOf, SeamError } from '../../../sdk/protocol/errors.ts'

const REPLY_MS = 50
const p1 = { name: 'p1', peerId: null, account: '0x01', state: 'starting' as const }

/** Two processes, as far as messages go: what one sends, the other hears a moment later, as JSON. */
const channel = () => {
  const parent = new EventEmitter()
  const child = new EventEmitter()
  const carry = (to: EventEmitter) => (message: unknown) => {
    setImmediate(() => to.emit('message', JSON.parse(JSON.stringify(message))))
    return true
  }
  return {
    parent: Object.assign(parent, { send: carry(child), connected: true }),
    child: Object.assign(child, { send: carry(parent) })
  }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error
  )

describe('devnet control', () => {
  const did: string[] = []
  const devnet: DevnetControl = {
    providers: async () => [p1],
    async act(name, action) {
      if (name === 'p9') throw new SeamError('CONFIG', 'no provider p9 in this devnet')
      did.push(`${action} ${name}`)
    }
  }

  it('carries calls and refusals across, each answer to its question', async () => {
    const { parent, child } = channel()
    answerControl(parent as never, devnet)
    const control = controlOverIpc(child as never)
    const [providers, , refused] = await Promise.all([
      control.providers(),
      control.act('p1', 'kill'),
      failure(control.act('p9', 'drain'))
    ])
    expect(providers).to.deep.equal([p1])
    expect(did).to.deep.equal(['kill p1'])
    expect([codeOf(refused), String(refused)]).to.deep.equal(['BAD_REQUEST', 'SeamError: no provider p9 in this devnet'])
    expect(child.listenerCount('message')).to.equal(0)
  })

  it('gives up on a devnet that says nothing, and hears no answer to what it did not ask', async () => {
    const { parent, child } = channel()
    parent.on('message', () => {
      for (const odd of [null, 'x', { ready: true }, { devnet: { id: 'other' } }]) child.emit('message', odd)
    })
    expect(codeOf(await failure(controlOverIpc(child as never, REPLY_MS).providers()))).to.equal('NET_TIMEOUT')
    expect(child.listenerCount('message')).to.equal(0)
  })

  it('is nobody’s where no devnet started the process, and deaf to other messages where one did', () => {
    expect(() => controlOverIpc(new EventEmitter() as never)).to.throw(/only `openseam devnet`/)
    const { parent } = channel()
    answerControl(parent as never, devnet)
    for (const odd of [null, 1, { ready: true }]) parent.emit('message', odd)
    parent.connected = false
    parent.emit('message', { devnet: { id: 'x', list: true } })
  })
})

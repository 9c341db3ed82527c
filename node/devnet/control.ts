/** Power over a devnet's providers, from its gateway's process to the one that started them all: calls over the channel between the two. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { SeamError } from 'openseam/protocol/errors'
import type { DevnetAction, DevnetControl, DevnetProvider } from '../gateway/playground.ts'

interface Ask {
  devnet: { id: string; list: true } | { id: string; name: string; action: DevnetAction }
}
interface Reply {
  devnet: { id: string; providers?: DevnetProvider[]; error?: string }
}

type Channel = Pick<NodeJS.Process, 'send' | 'on' | 'off'>
const REPLY_MS = 10_000

const replyOf = (message: unknown, id: string): Reply['devnet'] | undefined => {
  const reply = (message as Partial<Reply> | null)?.devnet
  return reply?.id === id ? reply : undefined
}

/** At the gateway. Throws CONFIG where nobody is at the other end. */
export const controlOverIpc = (channel: Channel = process, replyMs = REPLY_MS): DevnetControl => {
  if (channel.send === undefined)
    throw new SeamError('CONFIG', 'only `openseam devnet` starts a gateway with power over its providers')
  const call = (what: { list: true } | { name: string; action: DevnetAction }): Promise<Reply['devnet']> =>
    new Promise((resolve, reject) => {
      const id = randomUUID()
      const settle = (end: () => void): void => {
        clearTimeout(timer)
        channel.off('message', listen)
        end()
      }
      const listen = (message: unknown): void => {
        const reply = replyOf(message, id)
        if (reply?.error !== undefined) settle(() => reject(new SeamError('BAD_REQUEST', reply.error ?? '')))
        else if (reply !== undefined) settle(() => resolve(reply))
      }
      const timer = setTimeout(
        () => settle(() => reject(new SeamError('NET_TIMEOUT', 'the devnet did not answer in time'))),
        replyMs
      )
      channel.on('message', listen)
      channel.send?.({ devnet: { id, ...what } } satisfies Ask)
    })
  return {
    providers: async () => (await call({ list: true })).providers ?? [],
    act: async (name, action) => void (await call({ name, action }))
  }
}

/** At the devnet: answers a gateway it started. */
export const answerControl = (child: Pick<ChildProcess, 'on' | 'send' | 'connected'>, control: DevnetControl): void => {
  child.on('message', (message: unknown) => {
    const ask = (message as Partial<Ask> | null)?.devnet
    if (ask === undefined) return
    const reply = (fields: Omit<Reply['devnet'], 'id'>): void => {
      if (child.connected) child.send({ devnet: { id: ask.id, ...fields } } satisfies Reply)
    }
    const done = 'list' in ask ? control.providers().then((providers) => ({ providers })) : control.act(ask.name, ask.action)
    done.then((fields) => reply(fields ?? {})).catch((error: unknown) => reply({ error: (error as Error).message }))
  })
}

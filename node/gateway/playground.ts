/**
 * What the page at `/` needs beside the API: where proofs are shown, and in a devnet its providers, which the page may kill, ask to leave
 * or start again. Without `control` there is nothing of the kind to call.
 */
import type { Context as Call } from 'hono'
import { SeamError } from 'openseam/protocol/errors'
import { z } from 'zod'
import { check, readJson } from './body.ts'
import { ApiError } from './errors.ts'

export interface DevnetProvider {
  name: string
  /** Null before its first start. */
  peerId: string | null
  account: string
  state: 'ready' | 'starting' | 'down'
}

export const devnetActions = ['kill', 'drain', 'start'] as const
export type DevnetAction = (typeof devnetActions)[number]

/** Power over the providers of a devnet; whoever started them holds it. */
export interface DevnetControl {
  providers(): Promise<DevnetProvider[]>
  /** `kill`: no goodbye. `drain`: hands its sessions over, settles, goes. Settles when it is begun; throws SeamError for what cannot be. */
  act(name: string, action: DevnetAction): Promise<void>
}

const BODY_BYTES_MAX = 1_024
const actionBody = z.object({ do: z.enum(devnetActions) })

/** `explorer`: where proofs are shown. */
export const playgroundRoute = (explorer?: string, control?: DevnetControl) => {
  return async (call: Call): Promise<Response> =>
    call.json({ explorer: explorer ?? null, devnet: control === undefined ? null : { providers: await control.providers() } })
}

export const devnetRoute = (control: DevnetControl) => {
  return async (call: Call): Promise<Response> => {
    refuseStrangers(call.req.raw.headers)
    const { do: action } = check(actionBody, await readJson(call.req.raw, BODY_BYTES_MAX))
    const name = call.req.param('name') ?? ''
    if (!(await control.providers()).some((provider) => provider.name === name)) {
      throw new SeamError('BAD_REQUEST', `No provider of this devnet is called ${JSON.stringify(name.slice(0, 40))}.`)
    }
    await control.act(name, action)
    return call.json({ provider: name, did: action }, 202)
  }
}

/**
 * A page of another site may be open in the same browser: it may not kill anything here. Browsers name the site that asks; the name of
 * this host must be one of loopback, so that no name of a stranger's that leads here counts as ours.
 */
const refuseStrangers = (headers: Headers): void => {
  const host = headers.get('host') ?? ''
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site') ?? 'none'
  const isOurs = origin === null || origin === `http://${host}`
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) && isOurs && /^(same-origin|none)$/.test(site)) return
  const message = 'Only the page of this gateway, on this machine, may do that.'
  throw new ApiError({ status: 403, code: 'FORBIDDEN', message })
}

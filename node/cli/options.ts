/** Flags that several commands share, as zod reads them: text in, checked values out. */
import { readFileSync } from 'node:fs'
import type { Deployment } from 'openseam/chain/index'
import { parseOpen, type Wei, weiFromString } from 'openseam/protocol/amounts'
import { SeamError } from 'openseam/protocol/errors'
import { parseAddress } from 'openseam/protocol/eth'
import { z } from 'zod'
import type { Royalties } from '../provider/served-model.ts'

export const integer = (min: number, max: number): z.ZodType<number> =>
  z.coerce.number().int().min(min).max(max) as z.ZodType<number>
export const port = integer(0, 65_535)
export const list = z.string().transform((text) => text.split(',').filter((item) => item !== '')) as z.ZodType<string[]>
export const wei = z.string().transform((text) => weiFromString(text)) as z.ZodType<Wei>

export const open = z.string().transform((text, context): Wei => {
  try {
    return parseOpen(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'an amount of OPEN, like 2.5' })
    return z.NEVER
  }
}) as z.ZodType<Wei>

/** `account=share,...`, shares in hundredths of a percent. */
export const royalties = z.string().transform((text): Royalties => {
  const parts = text.split(',').filter((part) => part !== '')
  const pairs = parts.map((part) => {
    const [, account = '', bps = ''] = /^(0x[0-9a-f]{40})=(\d{1,4})$/i.exec(part.trim()) ?? []
    if (account === '') throw new SeamError('CONFIG', `--royalties: ${part} is no account=share, as in 0x…=250 for 2.5 percent`)
    return { account: parseAddress(account), bps: Number(bps) }
  })
  return { payees: pairs.map(({ account }) => account), bps: pairs.map(({ bps }) => bps) }
}) as z.ZodType<Royalties>

/** A deployment is a file that `openseam devnet` or `scripts/deploy` wrote. */
export const readDeployment = (file: string): Deployment => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Deployment
  } catch (cause) {
    throw new SeamError('CONFIG', `cannot read the deployment ${file}: give the JSON file that says where the contracts are`, {
      cause
    })
  }
}

export const readSecretFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new SeamError('CONFIG', `cannot read the password file ${file}`, { cause })
  }
}

/** A payment as a caller sends it: types and bounds. */
import { X402_SCHEME, X402_VERSION } from 'openseam/protocol/x402'
import { z } from 'zod'

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), { error: `expected 0x and ${2 * bytes} hex digits` })
    .transform((text) => text.toLowerCase() as `0x${string}`)

export const paymentPayload = z.object({
  x402Version: z.literal(X402_VERSION, { error: `expected ${X402_VERSION}` }),
  accepted: z.object({
    scheme: z.literal(X402_SCHEME, { error: `expected ${X402_SCHEME}` }),
    network: z.string().max(64),
    amount: z.string().regex(/^[1-9]\d{0,27}$/, { error: 'expected wei as a decimal string' })
  }),
  payload: z.object({
    payer: hex(20),
    nonce: hex(32),
    validBefore: z
      .int()
      .min(0)
      .max(2 ** 40 - 1),
    signature: hex(65),
    transaction: hex(32).optional()
  })
})

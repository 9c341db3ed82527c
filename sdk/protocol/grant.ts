/** Standby grants (docs/spec/grant.md): the successor's signed promise. The signature covers the very bytes of the body. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { weiFromBytes } from './amounts.ts'
import { exact } from './bytes.ts'
import { SeamError } from './errors.ts'
import { Grant, type GrantRequest, type SignedGrant } from './pb/messages.js'

const GRANT_DOMAIN = new TextEncoder().encode('openseam-grant-1')
const GRANT_BODY_BYTES_MAX = 1024

/** What the successor's Ed25519 key signs. */
export const grantMessage = (body: Uint8Array): Uint8Array<ArrayBuffer> =>
  concatBytes(GRANT_DOMAIN, body) as Uint8Array<ArrayBuffer>

export const signGrant = (grant: Grant, sign: (message: Uint8Array) => Uint8Array<ArrayBuffer>): SignedGrant => {
  const body = Grant.encode(grant)
  return { body, signature: sign(grantMessage(body)) }
}

const checkPrices = (grant: Grant): void => {
  for (const field of ['promptWei', 'completionWei', 'standbyWei', 'resumeWei'] as const) weiFromBytes(grant[field], field)
}

/** Checks lengths and prices of a grant that anyone encoded. Throws SeamError WIRE_MALFORMED. */
export const decodeGrant = (body: Uint8Array): Grant => {
  if (body.length > GRANT_BODY_BYTES_MAX)
    throw new SeamError('WIRE_TOO_LONG', `a grant of ${body.length} bytes, at most ${GRANT_BODY_BYTES_MAX}`)
  const grant = ((): Grant => {
    try {
      return Grant.decode(body)
    } catch (cause) {
      throw new SeamError('WIRE_MALFORMED', 'the grant is not a protobuf message', { cause })
    }
  })()
  for (const field of ['grantId', 'replica'] as const) exact(grant[field], 16, field)
  for (const field of ['servingPeer', 'modelId', 'peer', 'numerics'] as const) exact(grant[field], 32, field)
  for (const field of ['client', 'provider'] as const) exact(grant[field], 20, field)
  checkPrices(grant)
  return grant
}

/** The client's check of what a successor answered. Throws SeamError GRANT_UNKNOWN unless `peer` signed it for this very request. */
export const openGrant = (signed: SignedGrant, peer: Uint8Array, request: GrantRequest): Grant => {
  const grant = decodeGrant(signed.body)
  const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
  const asked =
    same(grant.peer, peer) &&
    (['replica', 'servingPeer', 'modelId', 'client'] as const).every((field) => same(grant[field], request[field])) &&
    grant.bytesMax >= request.bytesMax
  if (!asked || signed.signature.length !== 64 || !ed25519.verify(signed.signature, grantMessage(signed.body), peer)) {
    throw new SeamError('GRANT_UNKNOWN', 'the grant is not this peer’s answer to our request: ask another successor')
  }
  return grant
}

/** Bounds of a request before it is looked at. Throws SeamError WIRE_MALFORMED. */
export const checkGrantRequest = (request: GrantRequest): GrantRequest => {
  exact(request.replica, 16, 'replica')
  for (const field of ['servingPeer', 'modelId'] as const) exact(request[field], 32, field)
  exact(request.client, 20, 'client')
  if (!Number.isSafeInteger(request.bytesMax) || request.bytesMax < 1)
    throw new SeamError('WIRE_MALFORMED', 'bytesMax must be a positive whole number')
  return request
}

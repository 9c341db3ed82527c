/** Is a peer really run by the provider account it names? The signature says so, and the chain says whose keys count. */
import type { Clock } from '../components.ts'
import { bindingFromWire } from '../protocol/convert.ts'
import type { PeerBinding } from '../protocol/pb/messages.js'
import { recoverTyped, type TypedDomain } from '../protocol/typed-data.ts'
import type { RegistryClient } from './registry.ts'

export type BindingVerdict = { ok: true } | { ok: false; reason: string }

export const bindingVerifier =
  (domain: TypedDomain, registry: RegistryClient, clock: Clock) =>
  async (wire: PeerBinding): Promise<BindingVerdict> => {
    const { binding, signature } = bindingFromWire(wire)
    if (binding.validUntil * 1000 < clock.nowMs()) return { ok: false, reason: 'the binding has expired' }
    const signer = recoverTyped(domain, 'PeerBinding', binding, signature)
    if (signer === null) return { ok: false, reason: 'the binding is not signed' }
    const [provider, known] = await Promise.all([
      registry.provider(binding.provider),
      signer === binding.provider ? true : registry.isKey(binding.provider, signer)
    ])
    if (!provider.active) return { ok: false, reason: 'the account is not an active provider' }
    if (!known) return { ok: false, reason: 'the binding is signed by a key that is not the provider’s' }
    const signs = binding.signer === binding.provider || (await registry.isKey(binding.provider, binding.signer))
    return signs ? { ok: true } : { ok: false, reason: 'the signer in the binding is not a key of the provider' }
  }

/** What an operator watches: sessions, speed, money waiting, standby space. Read at scrape time, so nothing is counted twice. */
import { Gauge, type Registry } from 'prom-client'
import type { Provider } from './provider.ts'

export const providerMetrics = (registry: Registry, provider: Provider): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `openseam_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      }
    })
  }
  const { engine, sessions, standby, settler, host } = provider
  gauge('legs_active', 'legs being served', () => sessions.active)
  gauge('draining', '1 while sessions are handed over', () => Number(sessions.draining))
  gauge('slots_total', 'engine slots', () => engine.stats().slots)
  gauge('slots_active', 'engine slots in use', () => engine.stats().active)
  gauge('slots_parked', 'slots that keep the KV of a finished turn', () => engine.stats().parked)
  gauge('decode_tokens_per_second', 'over the last seconds of decoding', () => engine.stats().tokensPerSecond)
  gauge('prefill_tokens_per_second', 'over the last seconds of prefill', () => engine.stats().prefillTokensPerSecond)
  gauge('standby_bytes', 'sealed bytes kept for other providers’ sessions', () => standby.stats().bytesStored)
  gauge('standby_grants', 'grants held', () => standby.stats().grants)
  gauge('unsettled_open', 'OPEN signed and not settled yet', () => Number(settler.unsettled / 10n ** 9n) / 1e9)
  gauge('channels_overexposed', 'channels that owe more than is lent unsecured', () => settler.overexposed)
  gauge('peers', 'connected peers', () => host.peers().length)
}

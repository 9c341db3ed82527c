/** JSON for our own disk: wei as {"wei": "..."} strings, so that a bigint survives and no float ever touches an amount. */
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const encodeJson = (value: unknown): Uint8Array<ArrayBuffer> =>
  encoder.encode(JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? { wei: v.toString() } : v)))

export const decodeJson = <T>(bytes: Uint8Array): T =>
  JSON.parse(decoder.decode(bytes), (_key, v: unknown) =>
    typeof v === 'object' && v !== null && 'wei' in v && Object.keys(v).length === 1 ? BigInt(String(v.wei)) : v
  ) as T

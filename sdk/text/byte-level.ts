/** GPT-2's alphabet: every byte as a printable character, those that are printable as themselves. */
const printable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae

const byteOf = new Map<string, number>()
for (let byte = 0, other = 256; byte < 256; byte++) byteOf.set(String.fromCharCode(printable(byte) ? byte : other++), byte)

const charOf = [...byteOf.keys()]

/** Text in that alphabet. */
export const byteLevelText = (text: string): string => Array.from(new TextEncoder().encode(text), (byte) => charOf[byte]).join('')

/** The bytes a byte-level token stands for; undefined when it has a character that stands for none. */
export function byteLevelBytes(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length)
  for (let i = 0; i < token.length; i++) {
    const byte = byteOf.get(token[i]!)
    if (byte === undefined) return undefined
    bytes[i] = byte
  }
  return bytes
}

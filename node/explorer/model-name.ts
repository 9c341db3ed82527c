/** The name that a manifest gives its model, as far as it can be shown: text from a stranger, and what people tell models apart by. */
const NAME = /^[!-~]([ -~]{0,62}[!-~])?$/

/**
 * Of the bytes of a manifest that was read. Null where it has no name that can be shown: of ASCII alone, so that no letter looks like one of
 * another script and nothing turns the direction of what stands beside it; and never like an id, in whose place it stands.
 */
export const nameIn = (manifest: Uint8Array): string | null => {
  const { name } = JSON.parse(new TextDecoder().decode(manifest)) as { name?: unknown }
  return typeof name === 'string' && NAME.test(name) && !/^0x/i.test(name) ? name : null
}

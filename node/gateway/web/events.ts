/** Server-sent events from the bytes of a body: the data of each, comments left out. Splits anywhere, also inside a letter. */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => line.startsWith('data: '))
      if (lines.length > 0) yield lines.map((line) => line.slice('data: '.length)).join('\n')
    }
  }
}

/** Not every browser can iterate a stream. Leaving early cancels it. */
export async function* readAll(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

import { expect } from 'chai'
import { eventData, readAll } from '../../../../node/gateway/web/events.ts'

const stream = ': waiting\n\ndata: {"a":"é€"}\n\n: waiting\n\ndata: one\ndata: two\n\ndata: [DONE]\n\ndata: cut off'
const all = ['{"a":"é€"}', 'one\ntwo', '[DONE]']

const streamOf = (parts: Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    }
  })

const read = async (size: number): Promise<string[]> => {
  const bytes = new TextEncoder().encode(stream)
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size))
  const found: string[] = []
  for await (const data of eventData(readAll(streamOf(parts)))) found.push(data)
  return found
}

describe('events of a stream', () => {
  it('are the same wherever the network cuts, in the middle of a letter too', async () => {
    for (const size of [1, 2, 3, 7, 1_000]) expect(await read(size), `${size}`).to.deep.equal(all)
  })

  it('let go of the stream when nobody listens any more', async () => {
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        cancelled = true
      }
    })
    for await (const data of eventData(readAll(endless))) if (data === 'x') break
    expect(cancelled).to.equal(true)
  })
})

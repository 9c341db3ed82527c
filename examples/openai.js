// The `openai` package, unchanged: only the address is another.
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:8787/v1',
  apiKey: process.env.OPENAI_API_KEY ?? 'none'
})

const stream = await client.chat.completions.create({
  model: 'seam-chat',
  messages: [{ role: 'user', content: 'My name is Ada. Tell me a story about a blue lamp.' }],
  stream: true
})
let told
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '')
  told = chunk.openseam?.legs === undefined ? told : chunk.openseam // the last chunk: who made which tokens, and what for
}
for (const { provider, from, to, amount } of told.legs) console.error(`\ntokens ${from} to ${to}: ${amount} wei to ${provider}`)

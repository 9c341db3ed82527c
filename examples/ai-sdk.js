// Vercel's AI SDK, through its OpenAI-compatible provider.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'

const openseam = createOpenAICompatible({
  name: 'openseam',
  baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:8787/v1',
  apiKey: process.env.OPENAI_API_KEY ?? 'none',
  includeUsage: true
})

const { textStream, usage } = streamText({
  model: openseam('seam-chat'),
  prompt: 'My name is Ada. Tell me a story about a blue lamp.',
  maxOutputTokens: 120
})
for await (const text of textStream) process.stdout.write(text)
console.error(`\n${(await usage).outputTokens} tokens`)

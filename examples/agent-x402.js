// An agent that knows no key but its wallet: the gateway asks 402, the agent pays by the request. `npm start -- --x402` first.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { formatOpen, payingFetch } from 'openseam'

const network = JSON.parse(readFileSync(process.env.OPENSEAM_DEVNET ?? join(homedir(), '.openseam/devnet.json'), 'utf8'))
const keystore = readFileSync(network.developer.wallet, 'utf8')
const password = readFileSync(network.developer.passwordFile, 'utf8').trim()

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:8787/v1',
  apiKey: 'none', // the package insists on one; it is not sent
  fetch: payingFetch({ network, wallet: { keystore, password }, perRequest: '0.01', deposit: '0.1', total: '0.1' })
})

for (const content of ['My name is Ada. Tell me a story about a blue lamp.', 'My name is Ada. Tell me about a red boat.']) {
  const messages = [{ role: 'user', content }]
  const asked = client.chat.completions.create({ model: network.model, messages, max_tokens: 60 })
  const { data, response } = await asked.withResponse()
  console.log(data.choices[0].message.content)
  console.error(`${data.openseam.amount} wei; ${formatOpen(BigInt(response.headers.get('x-openseam-credit')))} OPEN left here`)
}

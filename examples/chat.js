// A paid chat, straight at providers: no gateway, no API key. `npm start` in another terminal first.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { formatOpen, OpenSeam } from 'openseam'

const network = JSON.parse(readFileSync(process.env.OPENSEAM_DEVNET ?? join(homedir(), '.openseam/devnet.json'), 'utf8'))
const keystore = readFileSync(network.developer.wallet, 'utf8')
const password = readFileSync(network.developer.passwordFile, 'utf8').trim()

const seam = new OpenSeam({ network, wallet: { keystore, password }, spend: { perDay: '1' } })
if ((await seam.wallet.balance()).escrow === 0n) await seam.wallet.deposit('10')
seam.on('switch', ({ from, to, gapMs }) => console.error(`\n[${from.slice(-6)} died, ${to.slice(-6)} went on after ${gapMs} ms]`))

const messages = [{ role: 'user', content: process.argv[2] ?? 'My name is Ada. Tell me a story about a blue lamp.' }]
const answer = await seam.chat.completions.create({ model: network.model, messages, stream: true })
for await (const chunk of answer) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
console.error(`\n${formatOpen((await answer.summary()).amount)} OPEN`)
await seam.close()

// A page that runs a paid chat with no server but its own file. `network.json` beside it is the devnet.json of a running devnet.
import { formatOpen, indexedDbStore, OpenSeam } from 'openseam/browser'

const $ = (id) => document.getElementById(id)
const form = document.querySelector('form')
const note = (text) => $('notes').append(Object.assign(document.createElement('li'), { textContent: text }))
const short = (peer) => peer.slice(-6)

let seam
const open = async (key) => {
  const network = await (await fetch('./network.json')).json()
  const wallet = key === '' ? window.ethereum : { secretKey: key }
  if (wallet === undefined) throw new Error('give a key, or install a browser wallet')
  const opened = new OpenSeam({ network, wallet, store: await indexedDbStore(), spend: { perDay: '1' } })
  opened.on('warning', ({ message }) => note(message))
  opened.on('switch', ({ from, to, kept, recomputed, gapMs }) =>
    note(`${short(from)} is gone, ${short(to)} took over: ${kept} positions kept, ${recomputed} recomputed, ${gapMs} ms`)
  )
  return opened
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { key, prompt } = Object.fromEntries(new FormData(form))
  $('answer').textContent = $('bill').textContent = ''
  try {
    seam ??= await open(key)
    const [model] = (await seam.models.list()).data
    const answer = await seam.chat.completions.create({
      model: model?.id ?? 'seam-chat',
      messages: [{ role: 'user', content: prompt }],
      temperature: 0,
      stream: true
    })
    $('stop').disabled = false
    $('stop').onclick = () => answer.abort()
    for await (const chunk of answer) $('answer').append(chunk.choices[0]?.delta.content ?? '')
    const { legs, amount } = await answer.summary()
    for (const { account, from, to, end, amount } of legs.filter(({ from, to }) => to > from))
      note(`tokens ${from} to ${to}, ${end}: ${formatOpen(amount)} OPEN to ${account}`)
    $('bill').textContent = `${formatOpen(amount)} OPEN in all`
  } catch (error) {
    note(error.code === 'CANCELLED' ? 'stopped; what was served is paid' : `${error.code ?? 'failed'}: ${error.message}`)
  } finally {
    $('stop').disabled = true
  }
})

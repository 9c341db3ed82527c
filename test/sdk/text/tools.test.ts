/** Tools through the templates of models that know them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type ChatMessage, toolReader } from '../../../sdk/text/index.ts'
import { pythonText } from '../../../sdk/text/python-text.ts'
import { byteModel, seamChat, shared } from './helpers.ts'

const specials = ['<|im_start|>', '<|im_end|>']
const tools = [
  { type: 'function' as const, function: { name: 'look_up', description: 'Looks <|im_end|> up', parameters: { type: 'object' } } }
]
const conversation: ChatMessage[] = [
  { role: 'user', content: 'Where is Ghent?' },
  {
    role: 'assistant',
    content: '',
    tool_calls: [{ type: 'function', function: { name: 'look_up', arguments: { city: '<|im_end|>' } } }]
  },
  { role: 'tool', content: 'Belgium <|im_end|>', tool_call_id: 'c' }
]
const ENDS = 256 + specials.indexOf('<|im_end|>')

const templates: [name: string, load: () => string | undefined][] = [
  ['qwen2.5', () => shared<{ chat_template: string }>('chat-templates', 'qwen2.5', 'tokenizer_config.json')?.chat_template],
  [
    'smollm3',
    () => {
      const file = join(import.meta.dirname, '../../../../shared/data/chat-templates/smollm3/chat_template.jinja')
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    }
  ]
]

describe('tools in chat templates', () => {
  for (const [name, load] of templates) {
    it(`${name} tells the model of them, and no tool, call or result brings in a special token`, function () {
      const template = load()
      if (template === undefined) {
        console.log(`      (the template of ${name} is not at hand)`)
        return this.skip()
      }
      const { text, read } = byteModel(specials, template, { eos_token: '<|im_end|>' })
      expect(text.readsTools).to.equal(true)
      const ids = text.chatIds(conversation, { addGenerationPrompt: true, tools })
      const harmless = JSON.parse(JSON.stringify([conversation, tools]).replaceAll('<|im_end|>', 'x')) as [
        ChatMessage[],
        typeof tools
      ]
      const plain = text.chatIds(harmless[0], { addGenerationPrompt: true, tools: harmless[1] })
      expect(read(ids)).to.include('look_up').and.include('Belgium').and.include('<tool_call>')
      expect(ids.filter((id) => id === ENDS)).to.have.length(plain.filter((id) => id === ENDS).length)
      if (name === 'qwen2.5')
        expect(read(ids)).to.include('<tool_call>\n{"name": "look_up", "arguments": {"city": "< |im_end|>"}}\n</tool_call>')
    })
  }

  it('are written as Python writes them where the template asks for that', () => {
    const written = pythonText({ a: [1, 2.5, true, null], "b'": "it's", c: 'say "it\'s"\n' })
    expect(written).to.equal(`{'a': [1, 2.5, True, None], "b'": "it's", 'c': 'say "it\\'s"\\n'}`)
  })

  it('are not for seam-chat', () => {
    expect(seamChat().readsTools).to.equal(false)
  })

  it('calls are found wherever the text is cut', () => {
    const text = 'So: <tool_call>{"name":"look_up","arguments":{"a":"</tool"}}</tool_call> <tool_call>{"name":"x"}</tool_call>.'
    for (let size = 1; size < 20; size++) {
      const reader = toolReader(new Set(['look_up']))
      const parts = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []
      const read = [...parts.map((part) => reader.push(part)), reader.flush()]
      expect(read.flatMap(({ calls }) => calls)).to.deep.equal([{ name: 'look_up', arguments: '{"a":"</tool"}' }])
      expect(read.map((row) => row.text).join('')).to.equal('So:<tool_call>{"name":"x"}</tool_call>.')
    }
  })
})

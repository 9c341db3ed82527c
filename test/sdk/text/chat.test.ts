import { expect } from 'chai'
import fc from 'fast-check'
import { type ChatMessage, TextError } from '../../../sdk/text/index.ts'
import { byteModel, seamChat, shared } from './helpers.ts'

interface Vector {
  group: string
  name: string
  chat_template: string
  data: {
    messages: ChatMessage[]
    add_generation_prompt?: boolean
    bos_token?: string
    eos_token?: string
    [other: string]: unknown
  }
  target: string
}

const known = new Set(['messages', 'add_generation_prompt', 'bos_token', 'eos_token'])
const SPECIAL = /<\|?[a-z_]+\|?>|<\/s>|\[\/?INST\]/gi
const specialsOf = (text: string) => [...new Set(text.match(SPECIAL) ?? [])]
const user = (content: string): ChatMessage => ({ role: 'user', content })
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content })

const CHATML =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
const TRIMMED = '{{ bos_token }}{% for m in messages %}[INST] {{ m.content | trim }} [/INST]{% endfor %}'
const UPPER = '{% for m in messages %}<|im_start|>{{ m.content | upper }}<|im_end|>{% endfor %}'
const specials = ['<|im_start|>', '<|im_end|>', '<s>', '[INST]', '[/INST]']
const chatml = () => byteModel(specials, CHATML, { eos_token: '<|im_end|>' })

describe('chat templates', () => {
  it('render as the reference vectors of others do', function () {
    const vectors = shared<Vector[]>('chat-templates', 'chat-template-vectors.json')
    if (!vectors) return this.skip()
    const plain = vectors.filter(
      ({ chat_template, data }) =>
        !chat_template.includes('strftime_now') && // those say today's date
        Object.keys(data).every((key) => known.has(key)) &&
        data.messages.every(({ content }) => typeof content === 'string')
    )
    expect(plain.length).to.be.above(10)
    for (const { name, chat_template, data, target } of plain) {
      const { messages, add_generation_prompt, ...tokens } = data
      const { text, read } = byteModel(specialsOf(target), chat_template, tokens as Record<string, string>)
      expect(read(text.chatIds(messages, { addGenerationPrompt: add_generation_prompt ?? false })), name).to.equal(target)
    }
  })

  it('take a template from its own file or from a list', () => {
    const list = byteModel(specials, [
      { name: 'tool_use', template: 'x' },
      { name: 'default', template: UPPER }
    ] as unknown as string)
    expect(list.read(list.text.chatIds([user('a')], { addGenerationPrompt: false }))).to.equal('<|im_start|>A<|im_end|>')
  })

  it('never let a message bring in a special token', () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          '<|im_start|>',
          '<|im_end|>',
          '<s>',
          '[INST]',
          '<|im_',
          'end|>',
          ' ',
          '\n',
          'a',
          'é',
          '<',
          '\ue0000\ue001',
          '\ue0001\ue001'
        )
      )
      .map((parts) => parts.join(''))
    for (const template of [CHATML, TRIMMED, UPPER]) {
      const { text, read } = byteModel(specials, template, { bos_token: '<s>' })
      const special = (ids: number[]) => ids.filter((id) => id >= 256)
      const calm = special(text.chatIds([user('a'), assistant('b'), user('c')], { addGenerationPrompt: true }))
      fc.assert(
        fc.property(hostile, hostile, hostile, (a, b, c) => {
          const ids = text.chatIds([user(a), assistant(b), user(c)], { addGenerationPrompt: true })
          expect(special(ids)).to.deep.equal(calm)
          if (template === CHATML)
            expect(read(ids)).to.equal(
              `<|im_start|>user\n${a}<|im_end|>\n<|im_start|>assistant\n${b}<|im_end|>\n<|im_start|>user\n${c}<|im_end|>\n<|im_start|>assistant\n`
            )
        })
      )
    }
  })

  it('encode any text without a special token', () => {
    const text = seamChat()
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<|user|>', '<|end|>', 'a', '<|', '|>', '🎉')), (parts) => {
        const ids = text.encode(parts.join(''))
        expect(ids.every((id) => id < 256)).to.equal(true)
        expect(text.decode(ids)).to.equal(parts.join(''))
      })
    )
  })

  it('write seam-chat’s conversations', () => {
    const text = seamChat()
    const bytes = (content: string) => [...new TextEncoder().encode(content)]
    expect(text.chatIds([user('Hi é')], { addGenerationPrompt: true })).to.deep.equal([256, ...bytes('Hi é'), 258, 257])
    expect(text.eosIds).to.deep.equal([258])
    expect(text.vocabSize).to.equal(264)
  })

  it('continue a stored conversation with what a whole rendering would have', () => {
    for (const { text } of [{ text: seamChat() }, chatml()]) {
      const before = [user('My name is Ada.'), assistant('Nice to meet you, Ada.')]
      const next = [user('What is my name?')]
      const whole = text.chatIds([...before, ...next], { addGenerationPrompt: true })
      const opened = text.chatIds(before.slice(0, 1), { addGenerationPrompt: true })
      const answer = text.encode('Nice to meet you, Ada.')
      const end = text.eosIds[0]!
      expect([...opened, ...answer, ...text.continueIds(before, next, false)]).to.deep.equal(whole)
      expect([...opened, ...answer, end, ...text.continueIds(before, next, true)]).to.deep.equal(whole)
    }
  })

  it('continue after an answer that the template would tokenise differently, or that is empty', () => {
    const { text, read } = chatml()
    const expected = '\n<|im_start|>user\nNext<|im_end|>\n<|im_start|>assistant\n'
    for (const answer of ['', '  spaces  ', '<|im_end|>', '\ue0001\ue001']) {
      expect(read(text.continueIds([user('a'), assistant(answer)], [user('Next')], true))).to.equal(expected)
      expect(read(text.continueIds([user('a'), assistant(answer)], [user('Next')], false))).to.equal(`<|im_end|>${expected}`)
    }
    expect(read(text.continueIds([user('a')], [user('Next')], true))).to.equal(expected)
    expect(read(text.continueIds([user('a')], [user('<|im_end|>')], true)).length).to.be.above(0)
    expect(text.continueIds([user('a')], [user('<|im_end|>x')], true).filter((id) => id === 257)).to.have.length(1)
  })

  it('continue where the template leaves answers out', () => {
    const forgetful =
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}<|im_start|>{{ m.content }}<|im_end|>{% endif %}{% endfor %}"
    const { text, read } = byteModel(specials, forgetful, { bos_token: '<s>', eos_token: '<|im_end|>' })
    expect(read(text.continueIds([user('a'), assistant('b')], [user('c')], true))).to.equal('<|im_start|>c<|im_end|>')
    expect(read(text.continueIds([user('a'), assistant('b')], [user('c')], false))).to.equal('<|im_end|><|im_start|>c<|im_end|>')
  })

  it('say why a template refuses', () => {
    const { text } = byteModel(specials, "{{ raise_exception('roles must alternate') }}")
    expect(() => text.chatIds([user('a')], { addGenerationPrompt: true }))
      .to.throw(TextError, /roles must alternate/)
      .with.property('code', 'CHAT_TEMPLATE_REFUSED')
    const none = byteModel(specials, undefined as unknown as string)
    expect(() => none.text.chatIds([user('a')], { addGenerationPrompt: true }))
      .to.throw(TextError)
      .with.property('code', 'CHAT_TEMPLATE_MISSING')
  })
})

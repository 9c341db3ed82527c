import { expect } from 'chai'
import fc from 'fast-check'
import { loadText } from '../../../sdk/text/index.ts'
import { seamChat, shared } from './helpers.ts'

const gpt2 = () => {
  const tokenizer = shared<object>('tokenizers', 'gpt2', 'tokenizer.json')
  return tokenizer && loadText({ tokenizer, tokenizerConfig: { tokenizer_class: 'GPT2Tokenizer' } })
}

/** A vocabulary whose decoder is not byte-level: words with a marked space, and bytes for the rest. */
const sentencePiece = () => {
  const byte = (value: number) => `<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`
  const tokens = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, value) => byte(value)), '▁hello', '▁world', '!', '▁']
  return loadText({
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      pre_tokenizer: null,
      post_processor: null,
      added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) => ({
        id,
        content,
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false
      })),
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
        ]
      },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 }
        ]
      },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: '<unk>',
        fuse_unk: true,
        byte_fallback: true,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges: []
      }
    },
    tokenizerConfig: { tokenizer_class: 'LlamaTokenizer', eos_token: '</s>' }
  })
}

describe('detokenizer', () => {
  const text = seamChat()

  it('gives whole characters only, and together the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (original) => {
        const wellFormed = original.toWellFormed()
        const stream = text.detokenizer()
        const parts = text.encode(wellFormed).map((id) => stream.push(id))
        expect(parts.every((part) => part.isWellFormed())).to.equal(true)
        if (!wellFormed.includes('\ufffd')) expect(parts.join('')).to.not.contain('\ufffd')
        expect(parts.join('') + stream.flush()).to.equal(wellFormed)
      }),
      { numRuns: 100 }
    )
  })

  it('reads any bytes as a UTF-8 decoder does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(text.decode([...bytes])).to.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
      }),
      { numRuns: 100 }
    )
  })

  it('gives nothing for special tokens and ids without a token, even inside a character', () => {
    const stream = text.detokenizer()
    const [first, second] = text.encode('é') as [number, number]
    expect([first, 258, 263, second].map((id) => stream.push(id)).join('')).to.equal('é')
    expect(text.decode([256, 72, 258, 257])).to.equal('H')
  })

  it('handles vocabularies that are not byte-level', () => {
    const words = sentencePiece()
    const stream = words.detokenizer()
    const hello = 3 + 256
    const party = [...new TextEncoder().encode('🎉')].map((byte) => 3 + byte)
    const parts = [1, hello, hello + 1, ...party, hello + 2, hello].map((id) => stream.push(id))
    expect(parts).to.deep.equal(['', 'hello', ' world', '', '', '', '🎉', '!', ' hello'])
    expect(stream.push(party[0]!)).to.equal('')
    expect(stream.flush()).to.equal('\ufffd')
    expect(words.decode([hello, hello + 1])).to.equal('hello world')
    expect(words.eosIds).to.deep.equal([2])
  })

  it('agrees with the tokenizer vectors of others', function () {
    const model = gpt2()
    const vectors = shared<Record<string, Record<string, { text: string; ids: number[] }>>>(
      'tokenizers',
      'tokenization-vectors.json'
    )?.['Xenova/gpt2']
    if (!model || !vectors) return this.skip()
    this.timeout(20_000)
    for (const [name, { text: original, ids }] of Object.entries(vectors)) {
      if (original.includes('<|endoftext|>')) {
        expect(model.encode(original), name).to.not.include(50256)
        continue
      }
      expect(model.encode(original), name).to.deep.equal(ids)
      expect(model.decode(ids), name).to.equal(original)
    }
    // where the words of two runs would merge, template and content are one text
    const chat = loadText({
      tokenizer: shared<object>('tokenizers', 'gpt2', 'tokenizer.json')!,
      tokenizerConfig: { chat_template: '{% for m in messages %}hello {{ m.content }}<|endoftext|>{% endfor %}' }
    })
    expect(chat.chatIds([{ role: 'user', content: 'world' }], { addGenerationPrompt: false })).to.deep.equal([
      ...model.encode('hello world'),
      50256
    ])
  })
})

// LangChain: a prompt, a model and a parser in a chain, with a conversation kept by the caller.
import { StringOutputParser } from '@langchain/core/output_parsers'
import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts'
import { ChatOpenAI } from '@langchain/openai'

const model = new ChatOpenAI({
  model: 'seam-chat',
  temperature: 0,
  apiKey: process.env.OPENAI_API_KEY ?? 'none',
  configuration: { baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:8787/v1' }
})
const prompt = ChatPromptTemplate.fromMessages([new MessagesPlaceholder('said'), ['human', '{text}']])
const chain = prompt.pipe(model).pipe(new StringOutputParser())

const said = []
for (const text of ['My name is Ada.', 'What is my name?']) {
  const answer = await chain.invoke({ said, text })
  said.push(['human', text], ['ai', answer])
  console.log(`${text}\n  ${answer}`)
}

/** In whose words an answer is given: one core makes it, each API writes it down its own way. */
import { choiceChunks, collectChoices } from 'openseam/openai/choices'
import type { Delivery } from 'openseam/openai/convert'
import type { Head, Shape } from 'openseam/openai/shapes'
import type { Source } from 'openseam/openai/source'
import type { ApiError } from './errors.ts'

/** An answer about to be read. */
export interface Made {
  /** One a choice. */
  sources: Source[]
  head: Head
  delivery: Delivery
}

export interface Form {
  idPrefix: string
  whole(made: Made): Promise<object>
  /** The events of a stream, a batch at a time. Throws where the answer breaks off. */
  events(made: Made): AsyncIterable<object[]>
  /** The last event of a stream that broke off. */
  failed(error: ApiError): object
  frame(event: object): string
  /** What follows the last event of a whole stream. */
  end: string
}

const data = (event: object): string => `data: ${JSON.stringify(event)}\n\n`

/** Events that have a `type`, which is the name of the event too. */
export const namedFrame = (event: object): string => `event: ${(event as { type: string }).type}\n${data(event)}`

export const openAiForm = (shape: Shape): Form => {
  const answers = ({ sources, head, delivery }: Made) => sources.map((source) => ({ source, shape, head, delivery }))
  return {
    idPrefix: shape.idPrefix,
    whole: (made) => collectChoices(answers(made)),
    events: (made) => choiceChunks(answers(made)),
    failed: (error) => error.body(),
    frame: data,
    end: 'data: [DONE]\n\n'
  }
}

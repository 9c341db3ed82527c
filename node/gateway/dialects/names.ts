/** Fields of chat completions, which the core names in its refusals, as another API calls them. */
import type { ApiError } from '../errors.ts'

/** `messages[0].content` with `{messages: 'input'}` is `input[0].content`. */
export const renamed = (param: string | null, names: Record<string, string>): string | null => {
  const [, head = '', rest = ''] = /^([\w.]*)(.*)$/s.exec(param ?? '') ?? []
  const name = names[head] ?? names[head.split('.')[0] ?? '']
  return name === undefined ? param : name + rest
}

export const RESPONSES_NAMES = {
  messages: 'input',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  response_format: 'text.format'
}

export const responsesError = (error: ApiError): object => {
  const { error: told } = error.body()
  return { error: { ...told, param: renamed(told.param, RESPONSES_NAMES) } }
}

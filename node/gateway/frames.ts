/** Events as frames of server-sent events. */
import { type ApiError, toApiError } from './errors.ts'
import type { Form, Made } from './forms.ts'

/** One string per batch of events, ready to be sent. An error ends the stream with an event instead of the form's end. */
export async function* frames(form: Form, made: Made, onFailure: (error: ApiError) => void): AsyncGenerator<string, void> {
  try {
    for await (const batch of form.events(made)) yield batch.map(form.frame).join('')
    if (form.end !== '') yield form.end
  } catch (thrown) {
    const error = toApiError(thrown)
    onFailure(error)
    yield form.frame(form.failed(error))
  }
}

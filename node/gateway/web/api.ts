/** The gateway as this page uses it: the same routes that any client has. */

export interface Model {
  id: string
  openseam: { modelId: string; contextMax: number; providers: number; price: { prompt: string; completion: string } }
}

/** What the gateway refused, in its own words. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const failureOf = async (response: Response): Promise<ApiFailure> => {
  const body = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } }
  const { code = 'UNKNOWN', message = `The gateway answered ${response.status}.` } = body.error ?? {}
  return new ApiFailure(response.status, code, message)
}

export const headersOf = (key: string): Record<string, string> => (key === '' ? {} : { authorization: `Bearer ${key}` })

export const listModels = async (key: string): Promise<Model[]> => {
  const response = await fetch('/v1/models', { headers: headersOf(key) })
  if (!response.ok) throw await failureOf(response)
  return ((await response.json()) as { data: Model[] }).data
}

/** The explorer's API from a page: JSON or a failure that says what is wrong, never half of either. */

/** What the explorer refused or could not do, in its own words. `status` is 0 where it could not be reached. */
export class ApiFailure extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const DEADLINE_MS = 20_000

export const getText = async (path: string): Promise<string> => {
  let response: Response
  try {
    // Revalidated by its ETag: what has not changed is not sent again.
    response = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(DEADLINE_MS) })
  } catch {
    throw new ApiFailure(0, 'The explorer cannot be reached.')
  }
  const text = await response.text()
  if (response.ok) return text
  let message = `The explorer answered ${response.status}.`
  try {
    message = (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? message
  } catch {
    // then the status says it
  }
  throw new ApiFailure(response.status, message)
}

export const getJson = async <Body>(path: string): Promise<Body> => JSON.parse(await getText(path)) as Body

/** The explorer's API from a page: JSON or a failure that says what is wrong, never half of either. */

/** What the explorer refused or could not do; failure.ts has the words for its reader. */
export class ApiFailure extends Error {
  /** 0 where it could not be reached. */
  readonly status: number
  /** Its own words, where it had any. */
  readonly said: string | undefined
  constructor(status: number, said?: string) {
    super(said ?? `status ${status}`)
    this.status = status
    this.said = said
  }
}

const DEADLINE_MS = 20_000

export const getText = async (path: string): Promise<string> => {
  let response: Response
  try {
    // Revalidated by its ETag: what has not changed is not sent again.
    response = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(DEADLINE_MS) })
  } catch {
    throw new ApiFailure(0)
  }
  const text = await response.text()
  if (response.ok) return text
  let said: string | undefined
  try {
    said = (JSON.parse(text) as { error?: { message?: string } }).error?.message
  } catch {
    // then the status says it
  }
  throw new ApiFailure(response.status, said)
}

export const getJson = async <Body>(path: string): Promise<Body> => JSON.parse(await getText(path)) as Body

/** From bytes to a checked value, once, at the edge. Every failure is a 400 or 413 that names what is wrong. */
import type { z } from 'zod'
import { ApiError, badRequest } from './errors.ts'

type Issue = z.core.$ZodIssue

export const readJson = async (request: Request, bytesMax: number): Promise<unknown> =>
  parseJson(await readBytes(request, bytesMax))

export const parseJson = (bytes: Uint8Array): unknown => {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable()
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badRequest(`The body is not JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : 'unreadable'}`)
  }
}

const unreadable = (): ApiError => badRequest('The body could not be read as UTF-8 text.')

export const readBytes = async (request: Request, bytesMax: number): Promise<Uint8Array> => {
  try {
    return await receive(request, bytesMax)
  } catch (cause) {
    throw cause instanceof ApiError ? cause : unreadable()
  }
}

const receive = async (request: Request, bytesMax: number): Promise<Uint8Array> => {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared > bytesMax) throw tooLarge(bytesMax)
  // The HTTP parser holds a sender to the length it declared, so this cannot grow past the bound.
  if (declared >= 0 && !request.headers.has('transfer-encoding')) return new Uint8Array(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

const tooLarge = (bytesMax: number): ApiError =>
  new ApiError({
    status: 413,
    code: 'BODY_TOO_LARGE',
    message: `The body is over ${bytesMax} bytes, the most this gateway takes.`
  })

export const check = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { path, message } = deepest(result.error.issues)
  const param = path.length === 0 ? null : paramName(path)
  const what = message.endsWith('received undefined') ? 'is required' : message.replace(/^Invalid input: /, '')
  throw badRequest(`${param ?? 'The body'}: ${what}.`.slice(0, 500), param)
}

/** In a union every branch complains; the one that got furthest into the value is the one that was meant. */
const deepest = (issues: readonly Issue[], prefix: readonly PropertyKey[] = []): { path: PropertyKey[]; message: string } => {
  const found = issues.map((issue) => {
    const path = [...prefix, ...issue.path]
    if (issue.code === 'invalid_key') return { path, message: issue.issues[0]?.message ?? issue.message }
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, message: issue.message }
    const branches = issue.errors.map((branch) => deepest(branch, path))
    const longest = branches.reduce((best, branch) => (branch.path.length > best.path.length ? branch : best))
    if (longest.path.length > path.length) return longest
    return { path, message: [...new Set(branches.map((branch) => branch.message))].join(', or ') }
  })
  return found[0] ?? { path: [...prefix], message: 'not understood' }
}

/** `messages[0].content[1].type`, the way OpenAI names a field. */
const paramName = (path: readonly PropertyKey[]): string =>
  path
    .reduce<string>((name, part) => (typeof part === 'number' ? `${name}[${part}]` : `${name}.${String(part)}`), '')
    .replace(/^\./, '')
    .slice(0, 200)

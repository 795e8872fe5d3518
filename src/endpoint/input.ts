/** The border: what a request carries, through its route's own schemas or not at all. */
import type { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { Route, RouteInput } from './route.ts'

/** Longest request body, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024

const MAX_ISSUES = 10
const FILE_MEDIA_TYPE = 'application/octet-stream'
const JSON_MEDIA_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i
/** NUL, which Postgres cannot store, and halves of surrogate pairs, which are no text. */
const UNSTORABLE = /\0|\p{Surrogate}/u

type Issue = { path: string; rule: string }

/**
 * Parses a request by its route. Throws `bad_input` with the path and rule of each fault, never with
 * what was sent; `media_type_unsupported` for a body that is not JSON, or no file where the route takes
 * one; `payload_too_large`.
 */
export async function readInput(
  route: Route,
  request: Request,
  params: Record<string, string>,
): Promise<RouteInput> {
  const { fileLimitBytes } = route
  const isFile = fileLimitBytes !== undefined
  const body = isFile
    ? await readFile(request, fileLimitBytes)
    : route.method === 'get'
      ? undefined
      : await readJson(request, route)
  const issues: Issue[] = []
  const input: RouteInput = {
    params: parse('params', route.params, params, issues),
    query: parse('query', route.query, readQuery(request.url), issues),
    body: isFile ? body : parse('body', route.body, body, issues),
  }
  if (issues.length > 0) throw new ScrimError('bad_input', { issues: issues.slice(0, MAX_ISSUES) })
  return input
}

/** Without a schema, nothing but an absent or empty object passes. */
function parse(
  part: keyof RouteInput,
  schema: z.ZodType | undefined,
  value: unknown,
  issues: Issue[],
): unknown {
  if (schema === undefined) {
    if (!isEmpty(part === 'params' ? undefined : value)) issues.push({ path: part, rule: 'empty' })
    return undefined
  }
  const result = schema.safeParse(value)
  if (!result.success) {
    // An issue's path holds names from the schema and places in lists; its message may quote input.
    issues.push(
      ...result.error.issues.map(({ path, code }) => ({
        path: [part, ...path.map(String)].join('.'),
        rule: code,
      })),
    )
    return undefined
  }
  const unstorable = findUnstorable(part, result.data)
  if (unstorable !== null) issues.push({ path: unstorable, rule: 'well_formed' })
  return result.data
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  )
}

/** The path of the first text that cannot be stored. Depth is bounded by the schema that passed. */
function findUnstorable(path: string, value: unknown): string | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : null
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    const found = findUnstorable(`${path}.${key}`, member)
    if (found !== null) return found
  }
  return null
}

/** A name that stands twice becomes a list, which no schema takes for a text. */
function readQuery(url: string): Record<string, string | string[]> {
  const { searchParams } = new URL(url)
  const query: Record<string, string | string[]> = Object.create(null)
  for (const name of searchParams.keys()) {
    const values = searchParams.getAll(name)
    query[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return { ...query }
}

async function readJson(
  request: Request,
  { body, bodyLimitBytes }: Pick<Route, 'body' | 'bodyLimitBytes'>,
): Promise<unknown> {
  const text = await readText(request, bodyLimitBytes)
  if (text === '' && body === undefined) return undefined
  if (!JSON_MEDIA_TYPE.test(request.headers.get('content-type') ?? '')) {
    throw new ScrimError('media_type_unsupported')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new ScrimError('bad_input', { issues: [{ path: 'body', rule: 'json' }] })
  }
}

/** A file as sent. What type it would like to be is not asked. */
async function readFile(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (request.headers.get('content-type') !== FILE_MEDIA_TYPE) {
    throw new ScrimError('media_type_unsupported')
  }
  return readBytes(request, limitBytes)
}

/** The body as UTF-8, or `bad_input`: a replacement character would silently change a value. */
export async function readText(request: Request, limitBytes = BODY_LIMIT_BYTES): Promise<string> {
  const bytes = await readBytes(request, limitBytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ScrimError('bad_input', { issues: [{ path: 'body', rule: 'utf8' }] })
  }
}

/** Throws `payload_too_large` when a request says that its body is longer than `limitBytes`. */
export function refuseLongBody(request: Request, limitBytes: number): void {
  const length = Number(request.headers.get('content-length') ?? 0)
  if (!(length <= limitBytes)) throw new ScrimError('payload_too_large')
}

/**
 * Reads a body to its end, at most `mostBytes`, and keeps nothing. A browser shows the answer to a form
 * only when it could send all of it.
 */
export async function discardBody(request: Request, mostBytes: number): Promise<void> {
  const reader = request.body?.getReader()
  let length = 0
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    length += read.value.byteLength
    if (length > mostBytes) return reader?.cancel()
  }
}

/** The body as sent. Stops reading where the limit is, whatever the headers said. */
export async function readBytes(
  request: Request,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  refuseLongBody(request, limitBytes)
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    length += read.value.byteLength
    if (length > limitBytes) {
      await reader?.cancel()
      throw new ScrimError('payload_too_large')
    }
    chunks.push(read.value)
  }
  return Buffer.concat(chunks)
}

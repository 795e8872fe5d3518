/** `client.request`: forwards to the account as the signed-in person (steps 18 to 20). */
import type { RequestOptions, ResponseView } from './messages.ts'
import type { Workspace } from './workspace.ts'

export type RequestOutcome =
  | { isDone: true; responseArgs: [data: unknown, status: 'success', response: ResponseView] }
  | { isDone: false; responseArgs: [response: ResponseView, status: 'error', statusText: string] }

function fail(response: ResponseView): RequestOutcome {
  return { isDone: false, responseArgs: [response, 'error', response.statusText] }
}

/** The path on the account, or null for an address elsewhere (step 19). */
function accountPath(url: string): string | null {
  const base = 'https://account.invalid'
  const address = new URL(url, base)
  return address.origin === base && address.pathname.startsWith('/api/v2/')
    ? `${address.pathname}${address.search}`
    : null
}

function encodeQuery(data: unknown): string {
  if (typeof data === 'string') return data
  const pairs = Object.entries((data ?? {}) as Record<string, unknown>)
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

function buildRequest(options: RequestOptions, path: string): { path: string; init: RequestInit } {
  const headers: Record<string, string> = { ...options.headers }
  if (options.method === 'GET' || options.method === 'HEAD') {
    const query = encodeQuery(options.data)
    const separator = path.includes('?') ? '&' : '?'
    return {
      path: query === '' ? path : `${path}${separator}${query}`,
      init: { method: options.method, headers },
    }
  }
  if (options.data === undefined) return { path, init: { method: options.method, headers } }
  const isJson = options.contentType?.startsWith('application/json') ?? false
  headers['content-type'] = options.contentType ?? 'application/x-www-form-urlencoded'
  const body =
    typeof options.data === 'string'
      ? options.data
      : isJson
        ? JSON.stringify(options.data)
        : encodeQuery(options.data)
  return { path, init: { method: options.method, headers, body } }
}

function parseJson(text: string): { responseJSON?: unknown } {
  try {
    return { responseJSON: JSON.parse(text) as unknown }
  } catch {
    return {}
  }
}

/** Never rejects: every failure is an outcome that the app is told. */
export async function forwardRequest(
  workspace: Workspace,
  options: RequestOptions,
): Promise<RequestOutcome> {
  const path = accountPath(options.url)
  if (path === null) {
    return fail({
      status: 403,
      statusText: 'Forbidden',
      responseText: 'Not an address of this account.',
    })
  }
  try {
    const request = buildRequest(options, path)
    const response = await workspace.fetchAsPerson(request.path, request.init)
    const responseText = await response.text()
    const view: ResponseView = {
      status: response.status,
      statusText: response.statusText,
      responseText,
      ...parseJson(responseText),
    }
    if (!response.ok) return fail(view)
    return { isDone: true, responseArgs: [view.responseJSON ?? responseText, 'success', view] }
  } catch {
    return fail({ status: 0, statusText: 'error', responseText: '' })
  }
}

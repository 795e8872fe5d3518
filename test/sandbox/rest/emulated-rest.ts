/** An emulator with a credential in hand, and a person's or the integration's way to call it. */
import { randomUUID } from 'node:crypto'
import { createRestEmulator } from '../../../src/sandbox/rest/emulator.ts'
import type { RestState } from '../../../src/sandbox/rest/state.ts'

export const OAUTH = { clientId: 'scrim', clientSecret: 'sandbox-client-secret' }

export async function emulator(options: { state?: RestState; now?: () => Date } = {}) {
  const rest = createRestEmulator({
    now: options.now ?? (() => new Date('2026-11-23T09:00:00.000Z')),
    newId: randomUUID,
    oauth: OAUTH,
    delayMs: 0,
    ...(options.state ? { state: options.state } : {}),
  })
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ) => {
    const response = await rest.fetch(
      new Request(`https://sandbox.zendesk.com${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    // What the emulator answers is JSON; tests look into it freely.
    return { status: response.status, headers: response.headers, body: await asJson(response) }
  }
  const token = await send(
    'POST',
    '/oauth/tokens',
    {},
    {
      grant_type: 'client_credentials',
      client_id: OAUTH.clientId,
      client_secret: OAUTH.clientSecret,
    },
  )
  const bearer = `Bearer ${String(token.body.access_token)}`
  rest.counts.reset()
  return {
    rest,
    send,
    call: (method: string, path: string, body?: unknown) =>
      send(method, path, { authorization: bearer }, body),
    as: (personId: number, method: string, path: string, body?: unknown) =>
      send(method, path, { 'x-sandbox-person': String(personId) }, body),
  }
}

async function asJson(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  return (text === '' ? {} : (JSON.parse(text) ?? {})) as Record<string, unknown>
}

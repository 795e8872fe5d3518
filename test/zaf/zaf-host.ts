/**
 * Zendesk's side of the frame at its protocol: the SDK's messages come in as it posts them, answers and
 * events go out as message events. See the platform notes on `iframe.*` and `zaf.*` keys.
 */
import { createRequire } from 'node:module'
import type { Client } from '../../src/zaf/client.ts'

const ORIGIN = 'http://localhost:4100'
const GUID = 'guid-of-this-frame'

export type HostMessage = {
  key?: string
  id?: number
  request?: 'get' | 'set' | 'invoke'
  params?: unknown
  message?: unknown
  instanceGuid?: string
}

export type ZafHost = {
  client: Client
  /** Everything the app said to the host, in order. */
  heard: HostMessage[]
  /** Says that the app is registered, with this context. */
  register(context?: object): void
  /** Fires an event of the host in the app. */
  fire(event: string, payload?: unknown, instanceGuid?: string): void
  /** What the app invoked, such as `['notify', ['text', 'notice', 8000]]`. */
  invoked(): [string, unknown[]][]
  close(): void
}

/** `properties` answers `get`; unknown paths answer null. */
export function openZafHost(properties: Record<string, unknown> = {}): ZafHost {
  const heard: HostMessage[] = []
  const post = window.postMessage
  const address = window.location.href
  const say = (data: object) =>
    window.dispatchEvent(
      new MessageEvent('message', {
        data: JSON.stringify(data),
        origin: ORIGIN,
        source: window.parent,
      }),
    )
  const answer = ({ id, request, params }: HostMessage) => {
    const paths = request === 'get' ? (params as string[]) : Object.keys(params as object)
    const values = Object.fromEntries(paths.map((path) => [path, properties[path] ?? null]))
    queueMicrotask(() => say({ id, result: { errors: {}, ...values } }))
  }
  window.history.replaceState(null, '', `/?origin=${ORIGIN}&app_guid=${GUID}`)
  window.postMessage = ((text: unknown) => {
    if (typeof text !== 'string') return
    const message = JSON.parse(text) as HostMessage
    heard.push(message)
    if (message.id !== undefined) answer(message)
  }) as typeof window.postMessage

  const require = createRequire(import.meta.url)
  const sdk = require('zendesk_app_framework_sdk') as { init(): Client | false }
  const client = sdk.init()
  if (client === false) throw new Error('the SDK found no host in the address')

  return {
    client,
    heard,
    register: (context = {}) =>
      say({
        key: 'zaf.app.registered',
        message: {
          metadata: { appId: 1, installationId: 2, settings: {} },
          context: {
            instanceGuid: GUID,
            product: 'support',
            location: 'ticket_sidebar',
            ...context,
          },
        },
        instanceGuid: GUID,
      }),
    fire: (event, payload = {}, instanceGuid = GUID) =>
      say({ key: `zaf.${event}`, message: payload, instanceGuid }),
    invoked: () =>
      heard
        .filter(({ request }) => request === 'invoke')
        .flatMap(({ params }) => Object.entries(params as Record<string, unknown[]>)),
    close: () => {
      window.postMessage = post
      window.history.replaceState(null, '', address)
    },
  }
}

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
  /** Asks the app a hook, such as `ticket.save`; resolves to its objection, null when it agrees. */
  ask(event: string): Promise<string | false | null>
  /** What the host would answer to a `get` now. A path that the app sets changes it. */
  properties: Record<string, unknown>
  close(): void
}

/** A property that cannot be read or written: the host answers with an error for its path. */
export const UNAVAILABLE = Symbol('unavailable')

/** `properties` answers `get`; unknown paths answer null. */
export function openZafHost(given: Record<string, unknown> = {}): ZafHost {
  const properties = { ...given }
  const asked = new Map<string, (objection: string | false | null) => void>()
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
    const refused = paths.filter((path) => properties[path] === UNAVAILABLE)
    if (request === 'set') {
      const granted = Object.entries(params as object).filter(([path]) => !refused.includes(path))
      Object.assign(properties, Object.fromEntries(granted))
    }
    const values = Object.fromEntries(
      paths
        .filter((path) => !refused.includes(path))
        .map((path) => [path, properties[path] ?? null]),
    )
    const errors = Object.fromEntries(
      refused.map((path) => [
        path,
        { name: 'APINotFoundError', message: 'is not available', path },
      ]),
    )
    queueMicrotask(() => say({ id, result: { errors, ...values } }))
  }
  window.history.replaceState(null, '', `/?origin=${ORIGIN}&app_guid=${GUID}`)
  window.postMessage = ((text: unknown) => {
    if (typeof text !== 'string') {
      const { key = '', error } = text as { key?: string; error?: { msg: string | false } }
      // The SDK takes no second question before its own bookkeeping of this reply is done.
      void Promise.resolve()
        .then(() => undefined)
        .then(() => asked.get(key)?.(error === undefined ? null : error.msg))
      return
    }
    const message = JSON.parse(text) as HostMessage
    heard.push(message)
    if (message.id !== undefined) answer(message)
  }) as typeof window.postMessage

  const require = createRequire(import.meta.url)
  const sdk = require('zendesk_app_framework_sdk') as { init(): Client | false }
  // Kept, so that `close` can take them back: an SDK of an earlier test would answer hooks, too.
  const listeners: Parameters<typeof window.addEventListener>[] = []
  const listen = window.addEventListener.bind(window)
  window.addEventListener = (...args: Parameters<typeof window.addEventListener>) => {
    listeners.push(args)
    listen(...args)
  }
  const client = sdk.init()
  window.addEventListener = listen
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
    ask: (event) =>
      new Promise((resolve) => {
        asked.set(`iframe.reply:${event}`, resolve)
        say({ key: `zaf.${event}`, needsReply: true, instanceGuid: GUID })
      }),
    properties,
    invoked: () =>
      heard
        .filter(({ request }) => request === 'invoke')
        .flatMap(({ params }) => Object.entries(params as Record<string, unknown[]>)),
    close: () => {
      window.postMessage = post
      for (const [type, listener] of listeners) window.removeEventListener(type, listener)
      window.history.replaceState(null, '', address)
    },
  }
}

/** One framed app instance: who it is, what it listens to, what it still owes an answer to. */
import { parseAppMessage } from './guards.ts'
import type { AppMessage, HostMessage, InstanceContext } from './messages.ts'

/** How long an app may think about a save (step 23). */
const HOOK_TIMEOUT_MS = 15_000

export type HookAnswer = { isAllowed: true } | { isAllowed: false; message: string | null }

/** For transcripts: every message that passed R2, in the order of the host. */
export type Traffic =
  | { from: 'app'; guid: string; message: AppMessage }
  | { from: 'host'; guid: string; message: HostMessage }

export type ConnectionOptions = {
  context: InstanceContext
  /** The iframe's window; null while it has none. */
  appWindow: () => Window | null
  /** Exactly the origin that the instance was loaded from (R2). */
  appOrigin: string
  hostWindow: Window
  onMessage: (message: AppMessage) => void
  onTraffic?: (traffic: Traffic) => void
}

export type Connection = {
  readonly context: InstanceContext
  post(message: HostMessage): void
  isListening(target: string, event: string): boolean
  /** Steps 21 to 23. Agrees at once when the app does not listen. */
  askHook(event: string): Promise<HookAnswer>
  destroy(): void
}

export function connectApp(options: ConnectionOptions): Connection {
  const { context, appWindow, appOrigin, hostWindow, onTraffic } = options
  const guid = context.instanceGuid
  const subscriptions = new Map<string, Set<string>>()
  const openHooks = new Map<
    string,
    { answer: Promise<HookAnswer>; settle: (answer: HookAnswer) => void }
  >()

  function post(message: HostMessage) {
    onTraffic?.({ from: 'host', guid, message })
    appWindow()?.postMessage(message, appOrigin)
  }

  function settleHooks() {
    for (const hook of openHooks.values()) hook.settle({ isAllowed: true })
  }

  function follow(message: AppMessage) {
    switch (message.type) {
      case 'handshake':
        // A reload: the page that subscribed is gone (step 4).
        subscriptions.clear()
        settleHooks()
        return
      case 'subscribe': {
        const events = subscriptions.get(message.target) ?? new Set()
        subscriptions.set(message.target, events.add(message.event))
        return
      }
      case 'unsubscribe':
        if (message.isLast) subscriptions.get(message.target)?.delete(message.event)
        return
      case 'reply':
        openHooks
          .get(message.event)
          ?.settle(
            message.objection === null
              ? { isAllowed: true }
              : { isAllowed: false, message: message.objection.message },
          )
    }
  }

  function receive(event: MessageEvent) {
    const source = appWindow()
    if (source === null || event.source !== source || event.origin !== appOrigin) return
    const message = parseAppMessage(event.data)
    if (message === null || message.sender !== guid) return
    onTraffic?.({ from: 'app', guid, message })
    follow(message)
    options.onMessage(message)
  }

  hostWindow.addEventListener('message', receive)

  return {
    context,
    post,
    isListening: (target, event) => subscriptions.get(target)?.has(event) ?? false,
    askHook(event) {
      const open = openHooks.get(event)
      if (open !== undefined) return open.answer
      if (!subscriptions.get(guid)?.has(event)) return Promise.resolve({ isAllowed: true })
      let settle: (answer: HookAnswer) => void = () => {}
      const answer = new Promise<HookAnswer>((resolve) => {
        const timer = hostWindow.setTimeout(
          () => settle({ isAllowed: false, message: null }),
          HOOK_TIMEOUT_MS,
        )
        settle = (value) => {
          hostWindow.clearTimeout(timer)
          openHooks.delete(event)
          resolve(value)
        }
      })
      openHooks.set(event, { answer, settle })
      post({ key: `zaf.${event}`, needsReply: true, instanceGuid: guid })
      return answer
    },
    destroy() {
      hostWindow.removeEventListener('message', receive)
      settleHooks()
      subscriptions.clear()
    },
  }
}

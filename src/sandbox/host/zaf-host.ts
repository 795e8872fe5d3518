/**
 * The ZAF host of one window: all instances of the app in it, and what they say to the page and to
 * each other. Implements `../PROTOCOL.md`.
 */
import type { Connection, HookAnswer, Traffic } from './connection.ts'
import { connectApp } from './connection.ts'
import { forwardRequest } from './forward-request.ts'
import { invokePath } from './invoke-path.ts'
import type {
  AppCall,
  AppMessage,
  AppMetadata,
  CallResult,
  InstanceContext,
  PathFault,
} from './messages.ts'
import { describeFault } from './path-error.ts'
import { readPath } from './read-path.ts'
import type { Workspace } from './workspace.ts'
import { writePath } from './write-path.ts'

/** Events that only the host may raise (step 9). */
const HOST_EVENT =
  /^(app\.|pane\.|instance\.|context\.|modal\.|ticket\.|request:|api_notification\.|colorScheme\.|\*)/

export type ZafHostOptions = {
  hostWindow: Window
  appOrigin: string
  metadata: AppMetadata
  workspace: Workspace
  newGuid: () => string
  /** The instance in the navigation bar, which is there before its page is opened for the first time. */
  navBarGuid?: string
  onTraffic?: (traffic: Traffic) => void
}

export type NewInstance = {
  guid: string
  location: string
  ticketId?: number
  appWindow: () => Window | null
}

export type ZafHost = {
  /** Step 1: listens for this iframe from now on. @returns what undoes it. */
  attach(instance: NewInstance): () => void
  /** Step 8: raises an event on one instance. */
  emit(guid: string, event: string, message?: unknown): void
  /** Raises an event on every instance that `isMeant` picks. */
  emitToAll(event: string, message?: unknown, isMeant?: (context: InstanceContext) => boolean): void
  /** Tells an instance that it came to the front or left it; repeats are dropped. */
  setActive(guid: string, isActive: boolean): void
  setVisible(guid: string, isVisible: boolean): void
  /** Steps 21 to 23: the first objection, or agreement. */
  askBeforeSave(ticketId: number): Promise<HookAnswer>
  /** The modal was closed by the person or by itself: its opener is told (step 10). */
  closeModal(guid: string): void
  destroy(): void
}

export function createZafHost(options: ZafHostOptions): ZafHost {
  const { hostWindow, appOrigin, metadata, workspace, newGuid, onTraffic } = options
  const connections = new Map<string, Connection>()
  const hidden = new Set<string>()
  const active = new Map<string, boolean>()

  function contextOf({
    guid,
    location,
    ticketId,
  }: Omit<NewInstance, 'appWindow'>): InstanceContext {
    return {
      product: 'support',
      location,
      instanceGuid: guid,
      account: { subdomain: workspace.subdomain },
      ...(ticketId === undefined ? {} : { ticketId }),
    }
  }

  /** Step 5: an instance without a page, until it has one. */
  function unopened(): Map<string, InstanceContext> {
    const guid = options.navBarGuid
    if (guid === undefined || connections.has(guid)) return new Map()
    return new Map([[guid, contextOf({ guid, location: 'nav_bar' })]])
  }

  const readablePage = {
    workspace,
    instances: () =>
      new Map([
        ...unopened(),
        ...[...connections].map(([guid, { context }]) => [guid, context] as const),
      ]),
    isVisible: (guid: string) => !hidden.has(guid),
  }
  const invokingPage = {
    appOrigin,
    newGuid,
    workspace: {
      ...workspace,
      setVisible(guid: string, isVisible: boolean) {
        setVisible(guid, isVisible)
        workspace.setVisible(guid, isVisible)
      },
    },
  }

  function setVisible(guid: string, isVisible: boolean) {
    if (isVisible) hidden.delete(guid)
    else hidden.add(guid)
  }

  function emit(guid: string, event: string, message?: unknown) {
    for (const connection of connections.values()) {
      if (connection.isListening(guid, event)) {
        connection.post({ key: `zaf.${event}`, message, instanceGuid: guid })
      }
    }
  }

  function carryOut(call: AppCall, context: InstanceContext): Record<string, () => unknown> {
    switch (call.type) {
      case 'get':
        return Object.fromEntries(
          call.paths.map((path) => [path, () => readPath(readablePage, context, path)]),
        )
      case 'set':
        return Object.fromEntries(
          Object.entries(call.values).map(([path, value]) => [
            path,
            () => {
              writePath(workspace, context, path, value)
              return value
            },
          ]),
        )
      case 'invoke':
        return Object.fromEntries(
          Object.entries(call.calls).map(([path, args]) => [
            path,
            () => invokePath(invokingPage, context, path, args),
          ]),
        )
    }
  }

  /** Steps 11 to 13. */
  function answer(connection: Connection, call: AppCall) {
    const target = connections.get(call.target)?.context ?? unopened().get(call.target)
    if (target === undefined) {
      connection.post({
        id: call.id,
        error: { name: 'APINotFoundError', message: 'The instance is not available' },
      })
      return
    }
    const errors: Record<string, PathFault> = {}
    const values: Record<string, unknown> = {}
    for (const [path, act] of Object.entries(carryOut(call, target))) {
      try {
        values[path] = act()
      } catch (reason) {
        errors[path] = describeFault(path, reason)
      }
    }
    const result: CallResult = { ...values, errors }
    connection.post({ id: call.id, result })
  }

  /** Steps 18 to 20. */
  async function forward(connection: Connection, message: AppMessage & { type: 'request' }) {
    const { isDone, responseArgs } = await forwardRequest(workspace, message.options)
    connection.post({
      key: `zaf.request:${message.number}.${isDone ? 'done' : 'fail'}`,
      message: { responseArgs },
      instanceGuid: connection.context.instanceGuid,
    })
  }

  function receive(connection: Connection, message: AppMessage) {
    const guid = connection.context.instanceGuid
    switch (message.type) {
      case 'handshake':
        connection.post({
          key: 'zaf.app.registered',
          message: { metadata, context: connection.context },
          instanceGuid: guid,
        })
        return
      case 'get':
      case 'set':
      case 'invoke':
        answer(connection, message)
        return
      case 'trigger':
        if (!HOST_EVENT.test(message.event)) emit(message.target, message.event, message.data)
        return
      case 'request':
        void forward(connection, message)
    }
  }

  function detach(guid: string) {
    const connection = connections.get(guid)
    if (connection === undefined) return
    emit(guid, 'app.willDestroy')
    connections.delete(guid)
    hidden.delete(guid)
    active.delete(guid)
    connection.destroy()
  }

  return {
    attach({ appWindow, ...instance }) {
      const { guid } = instance
      const context = contextOf(instance)
      const connection = connectApp({
        context,
        appWindow,
        appOrigin,
        hostWindow,
        onMessage: (message) => receive(connection, message),
        onTraffic,
      })
      connections.set(guid, connection)
      // Step 5: `instance.created` is raised on each instance that was there before.
      for (const other of connections.keys()) {
        if (other !== guid) emit(other, 'instance.created', context)
      }
      return () => detach(guid)
    },
    emit,
    emitToAll(event, message, isMeant = () => true) {
      for (const [guid, { context }] of connections) {
        if (isMeant(context)) emit(guid, event, message)
      }
    },
    setActive(guid, isActive) {
      const connection = connections.get(guid)
      const wasActive = active.get(guid)
      if (connection === undefined || wasActive === isActive) return
      active.set(guid, isActive)
      if (wasActive === undefined) return
      const verb = isActive ? 'activated' : 'deactivated'
      emit(guid, `app.${verb}`)
      if (connection.context.location === 'nav_bar') emit(guid, `pane.${verb}`)
    },
    setVisible,
    async askBeforeSave(ticketId) {
      const asked = [...connections.values()].filter(({ context }) => context.ticketId === ticketId)
      const answers = await Promise.all(
        asked.map((connection) => connection.askHook('ticket.save')),
      )
      return answers.find((each) => !each.isAllowed) ?? { isAllowed: true }
    },
    closeModal(guid) {
      emit(guid, 'modal.close', {})
      detach(guid)
    },
    destroy() {
      for (const guid of connections.keys()) detach(guid)
    },
  }
}

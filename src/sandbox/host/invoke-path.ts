/** `invoke`: what an instance may do (steps 16 and 17). */
import type { InstanceContext } from './messages.ts'
import { notAvailable, PathError } from './path-error.ts'
import type { FieldChange, NoticeKind, Size, Workspace } from './workspace.ts'

const FIELD_ACTION = /^ticketFields:(\w+)\.(show|hide|toggle|enable|disable)$/
const LENGTH = /^\d+(\.\d+)?(px|%|vh|vw|em|rem)$/

function readSize(data: unknown): Size {
  const { width, height } = (data ?? {}) as Record<string, unknown>
  const size: Size = {}
  const asLength = (side: unknown) => (typeof side === 'number' ? `${side}px` : side)
  const [wide, high] = [asLength(width), asLength(height)]
  if (typeof wide === 'string' && LENGTH.test(wide)) size.width = wide
  if (typeof high === 'string' && LENGTH.test(high)) size.height = high
  return size
}

function readNoticeKind(kind: unknown): NoticeKind {
  return kind === 'alert' || kind === 'error' ? kind : 'notice'
}

function tagsWith(
  workspace: Workspace,
  ticketId: number,
  change: 'add' | 'remove',
  names: string[],
) {
  const tags = workspace.ticket(ticketId)?.properties.tags
  const kept = (Array.isArray(tags) ? tags.map(String) : []).filter((tag) => !names.includes(tag))
  return change === 'add' ? [...kept, ...names] : kept
}

function invokeOnTicket(
  workspace: Workspace,
  ticketId: number,
  path: string,
  args: readonly unknown[],
): void {
  const [, name, action] = FIELD_ACTION.exec(path) ?? []
  if (name !== undefined && action !== undefined) {
    const field = workspace.ticketFields(ticketId).find((each) => each.name === name)
    if (field === undefined) throw notAvailable()
    const change = action === 'toggle' ? (field.isVisible ? 'hide' : 'show') : action
    workspace.changeTicketField(ticketId, name, change as FieldChange)
    return
  }
  const texts = args.flat().filter((arg): arg is string => typeof arg === 'string')
  switch (path) {
    case 'comment.appendText':
    case 'ticket.comment.appendText':
      workspace.setCommentText(ticketId, texts.join(''), 'append')
      return
    case 'ticket.tags.add':
    case 'ticket.tags.remove': {
      const change = path === 'ticket.tags.add' ? 'add' : 'remove'
      workspace.setTicketProperty(ticketId, 'tags', tagsWith(workspace, ticketId, change, texts))
      return
    }
    case 'ticket.disableSave':
    case 'ticket.enableSave':
      workspace.setSaveEnabled(ticketId, path === 'ticket.enableSave')
      return
    default:
      throw notAvailable()
  }
}

export type InvokingPage = {
  workspace: Workspace
  newGuid: () => string
  /** Where relative addresses of modals start: the app's own origin. */
  appOrigin: string
}

/** Step 17. @throws PathError when the address leaves the app. */
function createModal(page: InvokingPage, args: readonly unknown[]) {
  const { location, url, size } = (args[0] ?? {}) as Record<string, unknown>
  if (location !== 'modal' || typeof url !== 'string') throw notAvailable()
  const address = new URL(url, page.appOrigin)
  if (address.origin !== page.appOrigin) throw new PathError('may only frame the app itself')
  const guid = page.newGuid()
  page.workspace.openModal({ guid, url: address.href, size: readSize(size) })
  return [{ instanceGuid: guid, location: 'modal' }]
}

/**
 * Carries out one action and returns what the app gets for it.
 * @throws PathError for an action that this instance's location does not have.
 */
export function invokePath(
  page: InvokingPage,
  instance: InstanceContext,
  path: string,
  args: readonly unknown[],
): unknown {
  const { workspace } = page
  const guid = instance.instanceGuid
  switch (path) {
    case 'resize':
      workspace.resize(guid, readSize(args[0]))
      return undefined
    case 'show':
    case 'hide':
      workspace.setVisible(guid, path === 'show')
      return undefined
    case 'notify': {
      const [message, kind, options] = args
      const isSticky = (options as { sticky?: unknown } | null | undefined)?.sticky === true
      workspace.notify(String(message ?? ''), readNoticeKind(kind), { isSticky })
      return undefined
    }
    case 'routeTo':
      if (!workspace.routeTo(String(args[0]), args.slice(1))) throw notAvailable()
      return undefined
    case 'instances.create':
      return createModal(page, args)
    case 'destroy':
      if (instance.location !== 'modal') throw notAvailable()
      workspace.closeModal(guid)
      return undefined
    case 'iconSymbol':
      if (instance.location === 'nav_bar') workspace.setIcon(String(args[0]))
      return undefined
    case 'track':
    case 'preloadPane':
      return undefined
  }
  if (instance.ticketId === undefined) throw notAvailable()
  return invokeOnTicket(workspace, instance.ticketId, path, args)
}

/** `get`: what an instance may read (step 14). */
import type { InstanceContext } from './messages.ts'
import { notAvailable } from './path-error.ts'
import type { HostTicketField, Workspace } from './workspace.ts'

const CUSTOM_FIELD = /^ticket\.customField:(custom_field_\d+)$/
const TICKET_FIELD = /^ticketFields:(\w+)(?:\.(label|name|type|isVisible|isEnabled))?$/

export type ReadablePage = {
  workspace: Workspace
  /** All instances of the app in this window by guid. */
  instances(): ReadonlyMap<string, InstanceContext>
  isVisible(guid: string): boolean
}

/** Follows `rest`, a dotted path, into plain data. */
function dig(value: unknown, rest: string): unknown {
  let found = value
  for (const name of rest.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) {
      throw notAvailable()
    }
    found = (found as Record<string, unknown>)[name]
  }
  return found
}

function readField(field: HostTicketField | undefined, property: string | undefined): unknown {
  if (field === undefined) throw notAvailable()
  return property === undefined ? field : dig(field, property)
}

function readTicket(page: ReadablePage, ticketId: number, path: string): unknown {
  const ticket = page.workspace.ticket(ticketId)
  if (ticket === undefined) throw notAvailable()
  const [, name] = CUSTOM_FIELD.exec(path) ?? []
  if (name !== undefined) return dig(ticket.customFields, name)
  if (path === 'ticket.comment') return ticket.comment
  if (path.startsWith('comment.')) return dig(ticket.comment, path.slice('comment.'.length))
  if (path === 'ticket') return ticket.properties
  if (path.startsWith('ticket.')) return dig(ticket.properties, path.slice('ticket.'.length))
  if (path === 'ticketFields') return page.workspace.ticketFields(ticketId)
  const [isField, fieldName, property] = TICKET_FIELD.exec(path) ?? []
  if (isField === undefined) throw notAvailable()
  const fields = page.workspace.ticketFields(ticketId)
  return readField(
    fields.find((field) => field.name === fieldName),
    property,
  )
}

/** @throws PathError for a path that this instance's location does not have. */
export function readPath(page: ReadablePage, instance: InstanceContext, path: string): unknown {
  const [root = '', ...rest] = path.split('.')
  switch (root) {
    case 'currentUser': {
      const user = page.workspace.currentUser()
      return rest.length === 0 ? user : dig(user, rest.join('.'))
    }
    case 'currentAccount': {
      const account = page.workspace.currentAccount()
      return rest.length === 0 ? account : dig(account, rest.join('.'))
    }
    case 'colorScheme':
      return page.workspace.colorScheme()
    case 'visible':
      return page.isVisible(instance.instanceGuid)
    case 'instances':
      return rest.length === 0
        ? Object.fromEntries(page.instances())
        : dig(Object.fromEntries(page.instances()), rest.join('.'))
  }
  if (instance.ticketId === undefined) throw notAvailable()
  return readTicket(page, instance.ticketId, path)
}

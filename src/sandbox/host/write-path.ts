/** `set`: what an instance may change on the draft (step 15). */
import type { InstanceContext } from './messages.ts'
import { notAvailable } from './path-error.ts'
import type { Workspace } from './workspace.ts'
import { COMMENT_TYPES } from './workspace.ts'

const WRITABLE = /^ticket\.(subject|status|priority|type|tags|customField:(custom_field_\d+))$/

/** @throws PathError for a path that cannot be written here. */
export function writePath(
  workspace: Workspace,
  instance: InstanceContext,
  path: string,
  value: unknown,
): void {
  if (instance.ticketId === undefined) throw notAvailable()
  if (path === 'comment.text' && typeof value === 'string') {
    workspace.setCommentText(instance.ticketId, value, 'replace')
    return
  }
  if (path === 'comment.type') {
    const type = COMMENT_TYPES.find((each) => each === value)
    if (type === undefined) throw notAvailable()
    workspace.setCommentType(instance.ticketId, type)
    return
  }
  const [, name, customField] = WRITABLE.exec(path) ?? []
  const property = customField ?? name
  if (property === undefined || !workspace.setTicketProperty(instance.ticketId, property, value)) {
    throw notAvailable()
  }
}

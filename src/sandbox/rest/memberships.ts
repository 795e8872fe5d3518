/** Who is in which group, as an administrator changes it: Zendesk tells nobody of it. */
import type { RestMembership, RestState } from './state.ts'

/** Puts a person into a group. Null when there is no such agent or group; they may be in it already. */
export function addMembership(
  state: RestState,
  { userId, groupId }: { userId: number; groupId: number },
  now: Date,
): RestMembership | null {
  const isAgent = state.users.some((user) => user.id === userId && user.role !== 'end-user')
  const isGroup = state.groups.some((group) => group.id === groupId && !group.deleted)
  if (!isAgent || !isGroup) return null
  const known = state.groupMemberships.find(
    (row) => row.user_id === userId && row.group_id === groupId,
  )
  if (known !== undefined) return known
  const at = now.toISOString()
  const membership = {
    id: state.nextId,
    user_id: userId,
    group_id: groupId,
    default: !state.groupMemberships.some((row) => row.user_id === userId),
    created_at: at,
    updated_at: at,
  }
  state.nextId += 1
  state.groupMemberships.push(membership)
  return membership
}

/** Ends a membership by its own id. False when there is none. */
export function removeMembership(state: RestState, id: number): boolean {
  const before = state.groupMemberships.length
  state.groupMemberships = state.groupMemberships.filter((row) => row.id !== id)
  return state.groupMemberships.length < before
}

/** What a field's row shows: pure reading of the endpoint's answer, no rules of its own. */
import type { GrantView } from '../../../contract/grants.ts'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'

export type FieldStanding =
  | { name: 'granted'; grant: GrantView }
  | { name: 'waiting'; request: RevealRequestView }
  /** The last thing that happened to a request or grant of mine in the past hour, or nothing. */
  | { name: 'masked'; lastRequest: RevealRequestView | null; lastGrant: GrantView | null }

/**
 * `heldGrantId` is a grant whose value may still come back on screen without another use: its row stays
 * as it is although the grant may have no uses left.
 */
export function standingOf(
  list: Pick<ProtectedFieldList, 'requests' | 'grants'>,
  fieldId: string,
  heldGrantId: string | undefined,
): FieldStanding {
  const grants = list.grants.filter((grant) =>
    grant.fields.some((field) => field.fieldId === fieldId),
  )
  const held = grants.find((grant) => grant.id === heldGrantId)
  const usable = grants.find(
    (grant) =>
      grant.state === 'active' &&
      grant.fields.some((field) => field.fieldId === fieldId && field.usesLeft > 0),
  )
  const grant = held ?? usable
  if (grant !== undefined) return { name: 'granted', grant }

  const requests = list.requests.filter((request) =>
    request.fields.some((field) => field.fieldId === fieldId),
  )
  const pending = requests.find((request) => request.state === 'pending')
  if (pending !== undefined) return { name: 'waiting', request: pending }

  const byAge = [...requests].sort((a, b) => a.ageSeconds - b.ageSeconds)
  const lastRequest = byAge[0] ?? null
  const lastGrant = grants.find((other) => other.requestId === lastRequest?.id) ?? null
  return { name: 'masked', lastRequest, lastGrant }
}

/** The request for more time of a grant that waits, or null. */
export function extensionOf(
  { requests }: Pick<ProtectedFieldList, 'requests'>,
  grantId: string,
): RevealRequestView | null {
  return (
    requests.find((each) => each.state === 'pending' && each.extendsGrantId === grantId) ?? null
  )
}

/** Whether anything on this ticket changes by itself soon, so that polling should be brisk. */
export function isLively(list: ProtectedFieldList): boolean {
  return (
    list.requests.some((request) => request.state === 'pending') ||
    list.grants.some((grant) => grant.state === 'active')
  )
}

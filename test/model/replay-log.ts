/**
 * What must be true of a desk's log, in the order in which it was written, however many worked at once:
 * replayed entry by entry. Answers the faults in words and what stands at the end.
 */
import type { AuditEntry } from '../../src/audit/entry.ts'

type Request = { by: number; state: string; approvers: number[] }
type Grant = { by: number; state: string; endsAt: number; usesLeft: Map<string, number> }

export type Replayed = {
  faults: string[]
  requests: Map<string, string>
  grants: Map<string, { state: string; usesLeft: Record<string, number> }>
}

const REQUEST_ENDS: Readonly<Record<string, string>> = {
  'reveal_request.deny': 'denied',
  'reveal_request.withdraw': 'withdrawn',
  'reveal_request.expire': 'expired',
  'reveal_request.end': 'ended',
}
const GRANT_ENDS: Readonly<Record<string, string>> = {
  'grant.release': 'released',
  'grant.revoke': 'revoked',
  'grant.expire': 'expired',
  'grant.exhaust': 'exhausted',
  'grant.end': 'ended',
}

/**
 * `slackMinutes` is how far the clock may jump while an act is under way: its entry is written at its end.
 */
export function replayLog(
  entries: readonly AuditEntry[],
  { slackMinutes }: { slackMinutes: number },
): Replayed {
  const slack = slackMinutes * 60_000
  const faults: string[] = []
  const requests = new Map<string, Request>()
  const grants = new Map<string, Grant>()
  for (const [index, entry] of entries.entries()) {
    if (entry.outcome !== 'ok') continue
    const { action, actor } = entry
    const by = actor.type === 'person' ? actor.id : 0
    const at = Date.parse(entry.at)
    const fault = (what: string) => faults.push(`entry ${index}, ${action} by ${by}: ${what}`)
    const request = requests.get(entry.requestId ?? '')
    const grant = grants.get(entry.grantId ?? '')

    const needRequest = () => {
      if (request === undefined) fault('of a request that nobody made')
      else if (request.state !== 'pending') fault(`of a request that is ${request.state}`)
    }
    const needDecider = () => {
      needRequest()
      if (request === undefined) return
      if (request.by === by) fault('by its requester')
      if (request.approvers.includes(by)) fault('by somebody who decided before')
    }
    switch (action) {
      case 'reveal_request.create':
        requests.set(entry.requestId ?? '', { by, state: 'pending', approvers: [] })
        break
      case 'reveal_request.approve':
        needDecider()
        request?.approvers.push(by)
        break
      // A claim holds nobody up once its holder could not decide any more, which no entry tells: the
      // model knows, here it is only a step.
      case 'reveal_request.claim':
      case 'reveal_request.deny':
        needDecider()
        break
      case 'reveal_request.withdraw':
        needRequest()
        if (request?.by !== by) fault('by somebody else')
        break
      case 'grant.create': {
        needRequest()
        if (request === undefined) break
        if (request.approvers.length === 0) fault('that nobody approved')
        request.state = 'approved'
        const { minutes, uses } = entry.data ?? {}
        const usesLeft = new Map((entry.fields ?? []).map((field) => [field, Number(uses)]))
        const endsAt = at + Number(minutes) * 60_000
        grants.set(entry.grantId ?? '', { by: request.by, state: 'active', endsAt, usesLeft })
        break
      }
      case 'grant.reveal': {
        const [field = ''] = entry.fields ?? []
        const left = grant?.usesLeft.get(field) ?? 0
        if (grant === undefined) fault('without a grant')
        else if (grant.by !== by) fault(`under a grant of ${grant.by}`)
        else if (grant.state !== 'active') fault(`under a grant that is ${grant.state}`)
        else if (!(at < grant.endsAt + slack)) fault('after its end')
        else if (left === 0) fault('without a use')
        grant?.usesLeft.set(field, left - 1)
        break
      }
      default:
        break
    }
    const ended = REQUEST_ENDS[action]
    if (ended !== undefined) {
      needRequest()
      if (request !== undefined) request.state = ended
    }
    const over = GRANT_ENDS[action]
    if (over !== undefined) {
      if (grant?.state !== 'active') fault(`of a grant that is ${grant?.state}`)
      else grant.state = over
    }
  }
  return {
    faults,
    requests: new Map([...requests].map(([id, { state }]) => [id, state])),
    grants: new Map(
      [...grants].map(([id, { state, usesLeft }]) => [
        id,
        { state, usesLeft: Object.fromEntries(usesLeft) },
      ]),
    ),
  }
}

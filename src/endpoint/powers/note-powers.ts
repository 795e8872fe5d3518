/**
 * Noticing power: what somebody holds for the first time is recorded and logged once, whoever sees it
 * first, and what Zendesk no longer gives is forgotten, so that it waits again should it come back.
 */
import { powersHeld, powersIn } from '../../core/power.ts'
import type { AuditAction } from '../../audit/entry.ts'
import type { AuditDraft } from '../../storage/audit-log.ts'
import type { PowerKey } from '../../storage/powers.ts'
import {
  findPowers,
  findPowersRevision,
  forgetPower,
  movePowersRevision,
  recordWaitingPowers,
} from '../../storage/powers.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'

/** The people that the directory answers may be this old: see `ZendeskDirectory.people`. */
const MAX_PEOPLE_AGE_MS = 5 * 60 * 1000

type NoteDeps = Pick<EndpointDeps, 'account' | 'database' | 'now' | 'policy'>

/** Records powers that were never seen before as waiting. Nothing is written when somebody else did. */
export async function noteNewPowers(deps: NoteDeps, seen: readonly PowerKey[]): Promise<void> {
  if (seen.length === 0) return
  await deps.database.transaction(async (tx) => {
    const recorded = await recordWaitingPowers(tx, deps.account.id, seen, deps.now())
    if (recorded.length === 0) return
    await movePowersRevision(tx, deps.account.id)
    await audit(tx, deps, ...recorded.map((key) => powerEntry(deps, 'power.wait', key)))
  })
}

/** The sweep's part: everybody's powers as Zendesk has them, against what was seen of them before. */
export async function notePowers(deps: NoteDeps & Pick<EndpointDeps, 'zendesk'>): Promise<void> {
  const { account, database, policy } = deps
  if ((await findPowersRevision(database.orm, account.id)) === null) return
  const people = await deps.zendesk.people()
  const stored = await findPowers(database.orm, account.id)
  const keyOf = ({ personId, power }: PowerKey) => `${personId} ${power}`
  const held = people.flatMap((person) =>
    powersHeld(person, policy).map((power) => ({ personId: person.id, power })),
  )
  const known = new Set(stored.map(keyOf))
  await noteNewPowers(
    deps,
    held.filter((key) => !known.has(keyOf(key))),
  )
  const heldKeys = new Set(held.map(keyOf))
  const powers = powersIn(policy)
  // What the list of people is too old to know of was seen by a fresher look: that is not lost.
  const before = new Date(deps.now().getTime() - MAX_PEOPLE_AGE_MS)
  const lost = stored.filter(
    (row) => powers.includes(row.power) && !heldKeys.has(keyOf(row)) && row.firstSeenAt < before,
  )
  for (const key of lost) {
    await database.transaction(async (tx) => {
      if (!(await forgetPower(tx, account.id, key, before))) return
      await movePowersRevision(tx, account.id)
      await audit(tx, deps, powerEntry(deps, 'power.lose', key))
    })
  }
}

function powerEntry(
  { policy }: Pick<NoteDeps, 'policy'>,
  action: AuditAction,
  { personId, power }: PowerKey,
): AuditDraft {
  return {
    action,
    actor: systemActor('zendesk'),
    outcome: 'ok',
    policyVersion: policy.version,
    data: { personId, power },
  }
}

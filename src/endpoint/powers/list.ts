/** The powers that nobody has confirmed, for the people who may. */
import { ScrimError } from '../../core/errors.ts'
import { mayDecideOnPower, mayReadPowers, powersHeld, yieldOf } from '../../core/power.ts'
import { secondsUntil } from '../../core/grant.ts'
import type { PowerList, UnconfirmedPower } from '../../contract/powers.ts'
import { findPowers } from '../../storage/powers.ts'
import type { StoredPower } from '../../storage/powers.ts'
import type { RequestContext } from '../context.ts'
import { namesOf } from '../standing.ts'

/** Those that wait, then those that were declined and are still held. */
export async function listPowers(ctx: RequestContext): Promise<PowerList> {
  const verdict = mayReadPowers(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const [stored, people, groups, nameOf] = await Promise.all([
    findPowers(ctx.database.orm, ctx.account.id),
    ctx.zendesk.people(),
    ctx.zendesk.groups(),
    namesOf(ctx),
  ])
  const now = ctx.now()
  const unconfirmed = stored.flatMap((row): UnconfirmedPower[] => {
    const { state } = row
    if (state === 'confirmed') return []
    const holder = people.find((person) => person.id === row.personId)
    const isHeld = holder !== undefined && powersHeld(holder, ctx.policy).includes(row.power)
    // A fresher look than the list of people may have seen it: what waits is shown all the same.
    if (!isHeld && state === 'declined') return []
    const groupId = Number(/^group_(\d+)$/.exec(row.power)?.[1] ?? Number.NaN)
    const { roles, asks, decides } = yieldOf(row.power, ctx.policy)
    return [
      {
        person: nameOf(row.personId),
        power: row.power,
        groupName: groups.find((group) => group.id === groupId)?.name ?? null,
        state,
        firstSeenAt: row.firstSeenAt.toISOString(),
        ageSeconds: secondsUntil(now, row.firstSeenAt),
        roles,
        asks,
        decides,
        declined: declineOf(row, nameOf, now),
        mayDecide: mayDecideOnPower(
          ctx.person,
          ctx.roles,
          holder ?? { id: row.personId, email: null },
          ctx.policy,
        ),
      },
    ]
  })
  const waiting = unconfirmed.filter(({ state }) => state === 'waiting')
  return { powers: [...waiting, ...unconfirmed.filter(({ state }) => state === 'declined')] }
}

function declineOf(
  { state, decidedBy, decidedAt }: StoredPower,
  nameOf: Awaited<ReturnType<typeof namesOf>>,
  now: Date,
): UnconfirmedPower['declined'] {
  if (state !== 'declined' || decidedBy === null || decidedAt === null) return null
  return {
    by: nameOf(decidedBy),
    at: decidedAt.toISOString(),
    ageSeconds: secondsUntil(now, decidedAt),
  }
}

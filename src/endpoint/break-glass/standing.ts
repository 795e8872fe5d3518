/** Whether a person may break the glass now, as far as they themselves decide that. */
import { isNamed, mayBreakGlass } from '../../core/break-glass.ts'
import { isSamePerson } from '../../core/person.ts'
import type { BreakGlassStanding } from '../../contract/break-glass.ts'
import { findUnreviewedUses } from '../../storage/break-glass-uses.ts'
import type { RequestContext } from '../context.ts'

/** Null for whom policy does not name: they are not told of it. Fields and ticket are looked at later. */
export async function breakGlassStanding(ctx: RequestContext): Promise<BreakGlassStanding | null> {
  const { person, roles, policy } = ctx
  if (!isNamed(person, policy)) return null
  const { minutes, uses } = policy.breakGlass
  return {
    mayInvoke: mayBreakGlass(person, roles, [], await isReviewDue(ctx), policy),
    minutes,
    uses,
  }
}

/** Whether an earlier use waits for its review: this user's, or one of the same human being. */
export async function isReviewDue({
  database,
  account,
  zendesk,
  person,
  policy,
}: Pick<
  RequestContext,
  'database' | 'account' | 'zendesk' | 'person' | 'policy'
>): Promise<boolean> {
  const unreviewed = await findUnreviewedUses(database.orm, account.id)
  if (unreviewed.length === 0) return false
  const people = await zendesk.people()
  return unreviewed.some(({ personId }) => {
    const holder = people.find(({ id }) => id === personId)
    return isSamePerson(person, holder ?? { id: personId }, policy.samePerson)
  })
}

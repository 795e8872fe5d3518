/** Who has broken the glass: what is active now, and what compliance has to look at. */
import { maySeeBreakGlass, mayReviewBreakGlass } from '../../core/break-glass.ts'
import { ScrimError } from '../../core/errors.ts'
import { grantStateAt, secondsUntil } from '../../core/grant.ts'
import type { Person } from '../../core/person.ts'
import type { BreakGlassList, BreakGlassUse } from '../../contract/break-glass.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import {
  countRevealsUnder,
  findReviewedUses,
  findUnreviewedUses,
} from '../../storage/break-glass-uses.ts'
import type { StoredBreakGlassUse } from '../../storage/break-glass-uses.ts'
import { findGrantsById } from '../../storage/grants.ts'
import type { StoredGrant } from '../../storage/grants.ts'
import type { RequestContext } from '../context.ts'
import { namedFieldRefOf, reasonLabelOf } from '../reveal-requests/view.ts'
import { namesOf } from '../standing.ts'

const SHOWN_MS = 365 * 24 * 60 * 60 * 1000

/** Leads are told what is active; administrators and compliance see every use of the past year. */
export async function listBreakGlass(ctx: RequestContext): Promise<BreakGlassList> {
  const verdict = maySeeBreakGlass(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const db = ctx.database.orm
  const isReading = ctx.roles.some((role) => role === 'compliance' || role === 'administrator')
  const since = new Date(ctx.now().getTime() - SHOWN_MS)
  const [unreviewed, reviewed] = await Promise.all([
    findUnreviewedUses(db, ctx.account.id),
    isReading ? findReviewedUses(db, ctx.account.id, since) : [],
  ])
  const uses = [...unreviewed, ...reviewed]
  const grantIds = uses.map((use) => use.grantId)
  const [grants, shown, nameOf, people] = await Promise.all([
    findGrantsById(db, ctx.account.id, grantIds),
    countRevealsUnder(db, grantIds),
    namesOf(ctx),
    ctx.zendesk.people(),
  ])
  const known = uses.flatMap((use) => {
    const grant = grants.find((candidate) => candidate.id === use.grantId)
    return grant === undefined ? [] : [{ use, grant }]
  })
  const now = ctx.now()
  return {
    active: known
      .filter(({ grant }) => grantStateAt(grant, now) === 'active')
      .map(({ use, grant }) => ({
        ...commonOf(ctx, use, grant, nameOf),
        remainingSeconds: secondsUntil(grant.expiresAt, now),
      })),
    uses: isReading
      ? known.map(({ use, grant }) =>
          useView(ctx, use, { grant, reveals: shown.get(grant.id) ?? 0, nameOf, people }),
        )
      : [],
  }
}

type NameOf = (id: number) => PersonRef

function commonOf(
  ctx: RequestContext,
  use: StoredBreakGlassUse,
  grant: StoredGrant,
  nameOf: NameOf,
) {
  return {
    id: use.requestId,
    person: nameOf(use.personId),
    ticketId: use.ticketId,
    fields: grant.fields.map((field) => namedFieldRefOf(ctx, field, nameOf)),
  }
}

function useView(
  ctx: RequestContext,
  use: StoredBreakGlassUse,
  found: { grant: StoredGrant; reveals: number; nameOf: NameOf; people: readonly Person[] },
): BreakGlassUse {
  const { grant, nameOf } = found
  const now = ctx.now()
  const isActive = grantStateAt(grant, now) === 'active'
  const person = found.people.find(({ id }) => id === use.personId) ?? {
    id: use.personId,
    email: null,
  }
  return {
    ...commonOf(ctx, use, grant, nameOf),
    reasonCode: grant.reasonCode,
    reasonLabel: reasonLabelOf(ctx, grant.reasonCode),
    reasonText: grant.reasonText,
    at: use.at.toISOString(),
    ageSeconds: secondsUntil(now, use.at),
    isActive,
    reveals: found.reveals,
    skipped: use.skippedIds.map(nameOf),
    review: reviewOf(use, nameOf, now),
    mayReview:
      use.outcome === null
        ? mayReviewBreakGlass(ctx.person, ctx.roles, { person, isActive }, ctx.policy)
        : { allowed: false, code: 'review_not_found' },
  }
}

function reviewOf(
  { outcome, comment, reviewedBy, reviewedAt }: StoredBreakGlassUse,
  nameOf: NameOf,
  now: Date,
): BreakGlassUse['review'] {
  if (outcome === null || reviewedBy === null || reviewedAt === null) return null
  return {
    outcome,
    comment: comment ?? '',
    by: nameOf(reviewedBy),
    at: reviewedAt.toISOString(),
    ageSeconds: secondsUntil(now, reviewedAt),
  }
}

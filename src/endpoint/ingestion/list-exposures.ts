/** What stays in Zendesk, for those who answer for it. Reading it is an entry: once a session. */
import { ScrimError } from '../../core/errors.ts'
import { mayReadExposures } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import type { ResidualExposureList } from '../../contract/ingestion.ts'
import { recordRead } from '../../storage/audit-log-reads.ts'
import type { ExposureFilter } from '../../storage/residual-exposures.ts'
import { countExposures, findExposures } from '../../storage/residual-exposures.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'

const PAGE = 100

/** By ticket, the newest first, a hundred at a time. Throws `role_not_permitted`. */
export async function listResidualExposures(
  ctx: RequestContext,
  query: ExposureFilter & { after?: string | undefined },
): Promise<ResidualExposureList> {
  const verdict = mayReadExposures(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  await ctx.database.transaction(async (tx) => {
    if (await recordRead(tx, ctx.session.id, 'exposures', ctx.now())) {
      await audit(tx, ctx, {
        action: 'residual_exposure.read',
        actor: actorOf(ctx),
        outcome: 'ok',
      })
    }
  })
  const { orm } = ctx.database
  const [ticketId = '', category = '', place = '', kind = ''] = query.after?.split(':') ?? []
  const after =
    query.after === undefined ? null : { ticketId: Number(ticketId), category, place, kind }
  const found = await findExposures(orm, ctx.account.id, query, after, PAGE)
  const last = found.length === PAGE ? found.at(-1) : undefined
  return {
    exposures: found.map((exposure) => ({
      ...exposure,
      label: findField(ctx.policy.fields, exposure.place)?.label ?? null,
      foundAt: exposure.foundAt.toISOString(),
    })),
    nextAfter:
      last === undefined ? null : [last.ticketId, last.category, last.place, last.kind].join(':'),
    counts: query.after === undefined ? await countExposures(orm, ctx.account.id) : [],
  }
}

/** Residual exposures as CSV, for those who work through them elsewhere. */
import { stringify } from 'csv-stringify/sync'
import { mayReadExposures } from '../../core/policy-decision.ts'
import { findField } from '../../core/protected-field.ts'
import type {
  ExportResidualExposuresInput,
  ResidualExposureExport,
} from '../../contract/ingestion.ts'
import { findExposures } from '../../storage/residual-exposures.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { standingOf } from '../standing.ts'

/** About a hundred bytes each: an answer of Lambda's holds 6 MB. */
const MOST_ROWS = 30_000

/** The entry is committed before the first row leaves. */
export async function exportResidualExposures(
  context: RequestContext,
  filter: ExportResidualExposuresInput,
): Promise<ResidualExposureExport> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const { category = null, kind = null, ticketId = null } = filter
  const entry = {
    action: 'residual_exposure.export' as const,
    actor: actorOf(ctx),
    data: { format: 'csv', category, kind, ticketId },
  }
  const verdict = mayReadExposures(ctx.roles)
  if (!verdict.allowed) return refuseAct(ctx, entry, verdict.code)
  const found = await findExposures(ctx.database.orm, ctx.account.id, filter, null, MOST_ROWS + 1)
  const rows = found.slice(0, MOST_ROWS)
  await ctx.database.transaction((tx) =>
    audit(tx, ctx, { ...entry, outcome: 'ok', data: { ...entry.data, rows: rows.length } }),
  )
  const csv = stringify(
    rows.map((exposure) => ({
      ticket: exposure.ticketId,
      category: exposure.category,
      place: exposure.place,
      field: findField(ctx.policy.fields, exposure.place)?.label ?? '',
      kind: exposure.kind,
      found_at: exposure.foundAt.toISOString(),
    })),
    {
      header: true,
      columns: ['ticket', 'category', 'place', 'field', 'kind', 'found_at'],
      record_delimiter: 'windows',
      bom: true,
      // A field's label is what somebody typed; a spreadsheet would run one that begins with "=".
      escape_formulas: true,
    },
  )
  return { csv, rows: rows.length, isComplete: found.length <= MOST_ROWS }
}

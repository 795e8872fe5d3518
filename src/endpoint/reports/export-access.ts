/** The access report as CSV, for those who certify it elsewhere. */
import { stringify } from 'csv-stringify/sync'
import { mayExportAccess, reportFields } from '../../core/access-report.ts'
import type { ReportField } from '../../core/access-report.ts'
import { ROLES } from '../../core/role.ts'
import type { AccessExport, ExportAccessInput } from '../../contract/reports.ts'
import { ACT } from '../../zendesk/directory.ts'
import { actorOf, audit, refuseAct } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { gateOf } from '../protected-fields/why.ts'
import { standingOf } from '../standing.ts'
import { cellOf } from './access.ts'
import { accessOfPerson, personById, readGround, reportedPerson } from './ground.ts'
import type { ReportGround } from './ground.ts'

/** About a hundred bytes each: an answer of Lambda's holds 6 MB. */
const MOST_ROWS = 30_000

const COLUMNS = [
  'person_id',
  'person',
  'roles',
  'waiting_roles',
  'groups',
  'field',
  'label',
  'kind',
  'class',
  'protection',
  'access',
  'decided_by',
  'approvals',
  'exception_until',
  'policy_version',
] as const

type Row = Partial<Record<(typeof COLUMNS)[number], string | number>>

/** The entry is committed before the first row leaves. */
export async function exportAccess(
  context: RequestContext,
  input: ExportAccessInput,
): Promise<AccessExport> {
  const ctx = { ...context, ...(await standingOf(context, context.person.id, ACT)) }
  const { by, reportedPersonId: personId = null, sensitivityClass = null } = input
  const entry = {
    action: 'report.export' as const,
    actor: actorOf(ctx),
    policyVersion: ctx.policy.version,
    data: { report: 'access', format: 'csv', by, personId, class: sensitivityClass },
  }
  const verdict = mayExportAccess(ctx.roles)
  if (!verdict.allowed) return refuseAct(ctx, entry, verdict.code)
  const ground = await readGround(ctx)
  const fields = reportFields(ctx.policy).filter(
    (field) => sensitivityClass === null || field.sensitivityClass === sensitivityClass,
  )
  const all =
    by === 'role' ? rowsOfRoles(ctx, ground, fields) : rowsOfPeople(ctx, ground, fields, personId)
  const rows = all.slice(0, MOST_ROWS)
  await ctx.database.transaction((tx) =>
    audit(tx, ctx, { ...entry, outcome: 'ok', data: { ...entry.data, rows: rows.length } }),
  )
  const csv = stringify(rows, {
    header: true,
    columns: [...COLUMNS],
    record_delimiter: 'windows',
    bom: true,
    // Names and labels are what somebody typed; a spreadsheet would run one that begins with "=".
    escape_formulas: true,
  })
  return { csv, rows: rows.length, isComplete: all.length <= MOST_ROWS }
}

function rowsOfRoles(
  ctx: RequestContext,
  ground: ReportGround,
  fields: readonly ReportField[],
): Row[] {
  return fields.flatMap((field) =>
    ROLES.map((role) => {
      const { access, rule } = cellOf(ctx, ground, field, role)
      return { ...rowOf(ctx, ground, field), roles: role, access, decided_by: rule }
    }),
  )
}

function rowsOfPeople(
  ctx: RequestContext,
  ground: ReportGround,
  fields: readonly ReportField[],
  personId: number | null,
): Row[] {
  const people = personId === null ? ground.people : [personById(ground, personId)]
  return people.flatMap((person) => {
    const { roles, waitingRoles, groups } = reportedPerson(ctx, person, ground.groups)
    return fields.map((field) => {
      const { access, why } = accessOfPerson(ctx, ground, person, field)
      return {
        ...rowOf(ctx, ground, field),
        person_id: person.id,
        person: person.name,
        roles: roles.join(' '),
        waiting_roles: waitingRoles.join(' '),
        groups: groups.join('; '),
        access,
        decided_by: why.rule,
        exception_until: why.exception?.expiresAt ?? '',
      }
    })
  })
}

function rowOf({ policy }: RequestContext, { groups }: ReportGround, field: ReportField): Row {
  const levels = policy.approval[field.sensitivityClass].map((level) => gateOf(level, groups))
  return {
    field: field.id ?? 'found_in_tickets',
    label: field.label,
    kind: field.kind ?? '',
    class: field.sensitivityClass,
    protection: field.protection,
    approvals: levels
      .map(({ count, roles, groups: names }) => `${count} of ${[...roles, ...names].join(' or ')}`)
      .join(', then '),
    policy_version: policy.version,
  }
}

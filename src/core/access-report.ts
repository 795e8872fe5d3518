/** Who may read the report of who may see what. */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import type { Person } from './person.ts'
import type { Policy } from './policy.ts'
import type { Protection, SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { FieldKind } from './protected-field.ts'
import type { Role } from './role.ts'

/** Leads read it, too: they answer for what their people see. */
export function mayReadAccess(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return readsAll(roles) || roles.includes('lead') ? ALLOWED : refuse('role_not_permitted')
}

/** Whether the roles may take it along as a file, with everybody in it. */
export function mayExportAccess(roles: readonly Role[]): Verdict<ScrimErrorCode> {
  return readsAll(roles) ? ALLOWED : refuse('role_not_permitted')
}

/** Whether one may look at this person: a lead at themselves and whoever shares a group with them. */
export function mayReadAccessOf(
  reader: Pick<Person, 'id' | 'groupIds'>,
  roles: readonly Role[],
  person: Pick<Person, 'id' | 'groupIds'>,
): Verdict<ScrimErrorCode> {
  const verdict = mayReadAccess(roles)
  if (!verdict.allowed || readsAll(roles)) return verdict
  const isTheirs =
    reader.id === person.id || person.groupIds.some((groupId) => reader.groupIds.includes(groupId))
  return isTheirs ? ALLOWED : refuse('role_not_permitted')
}

function readsAll(roles: readonly Role[]): boolean {
  return roles.includes('compliance') || roles.includes('administrator')
}

/** A row of the report: a field of the catalogue, or what is found in tickets in one class. */
export type ReportField = {
  id: string | null
  label: string
  kind: FieldKind | null
  sensitivityClass: SensitivityClass
  protection: Protection
  zendeskFieldId: number | null
}

/** The catalogue in its order, then one row a class for values that no field of it describes. */
export function reportFields({ fields }: Pick<Policy, 'fields'>): ReportField[] {
  const found = SENSITIVITY_CLASSES.map((sensitivityClass) => ({
    id: null,
    label: '',
    kind: null,
    sensitivityClass,
    protection: 'vaulted' as const,
    zendeskFieldId: null,
  }))
  return [...fields, ...found]
}

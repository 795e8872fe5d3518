/** The catalogue against Zendesk's own fields: a mask and a token need a field that holds text. */
import type { ScrimErrorCode, Verdict } from '../core/errors.ts'
import type { Policy } from '../core/policy.ts'
import type { ProtectedField } from '../core/protected-field.ts'
import { canHoldMask, companionOf } from '../core/protected-field.ts'
import type { EndpointDeps } from './context.ts'

/** Whether a field's type in Zendesk can hold its mask; if not, which field to add instead. */
export async function checkFieldType(
  { zendesk }: Pick<EndpointDeps, 'zendesk'>,
  field: Pick<ProtectedField, 'label' | 'zendeskFieldId'>,
): Promise<Verdict<ScrimErrorCode>> {
  const type = await zendesk.ticketFieldType(field.zendeskFieldId)
  const code = 'field_type_unsupported'
  const verdict = type === null ? ({ allowed: false, code } as const) : canHoldMask(type)
  return verdict.allowed ? verdict : { ...verdict, companion: companionOf(field) }
}

export type RefusedField = { field: ProtectedField; companion: { title: string; type: 'text' } }

/** The catalogue's vaulted fields that cannot hold a mask, each with the field to add instead. */
export async function findRefusedFields(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy'>,
): Promise<RefusedField[]> {
  const vaulted = deps.policy.fields.filter((field) => field.protection === 'vaulted')
  const checked = await Promise.all(
    vaulted.map(async (field) => ({ field, verdict: await checkFieldType(deps, field) })),
  )
  return checked.flatMap(({ field, verdict }) =>
    verdict.allowed ? [] : [{ field, companion: companionOf(field) }],
  )
}

const reported = new WeakSet<Policy>()

/** Says once a process which fields of its policy are refused: nothing can be taken in for them. */
export async function reportCatalogue(
  deps: Pick<EndpointDeps, 'zendesk' | 'policy' | 'log'>,
): Promise<void> {
  if (reported.has(deps.policy)) return
  for (const { field, companion } of await findRefusedFields(deps)) {
    deps.log.error('catalogue.field_refused', {
      code: 'field_type_unsupported',
      fieldId: field.id,
      zendeskFieldId: field.zendeskFieldId,
      proposedTitle: companion.title,
      proposedType: companion.type,
    })
  }
  reported.add(deps.policy)
}

/** Every exception of the account, and what a new one may name. */
import { ScrimError } from '../../core/errors.ts'
import { canHoldExceptions, canOwnExceptions, mayManageExceptions } from '../../core/exception.ts'
import { rolesOf } from '../../core/policy-decision.ts'
import type { ExceptionList } from '../../contract/exceptions.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import { findExceptions } from '../../storage/exceptions.ts'
import type { RequestContext } from '../context.ts'
import { exceptionViews } from './view.ts'

/** Compliance and administrators only. */
export async function listExceptions(ctx: RequestContext): Promise<ExceptionList> {
  const permitted = mayManageExceptions(ctx.roles)
  if (!permitted.allowed) throw new ScrimError(permitted.code)
  const [exceptions, people] = await Promise.all([
    findExceptions(ctx.database.orm, ctx.account.id),
    ctx.zendesk.people(),
  ])
  const { policy } = ctx
  const choices = people
    .map((person) => ({ id: person.id, name: person.name, roles: rolesOf(person, policy) }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const personRef = ({ id, name }: PersonRef) => ({ id, name })
  return {
    exceptions: await exceptionViews(ctx, exceptions),
    choices: {
      people: choices.filter(({ roles }) => canHoldExceptions(roles)).map(personRef),
      owners: choices.filter(({ roles }) => canOwnExceptions(roles)).map(personRef),
      fields: policy.fields.map(({ id, label, sensitivityClass }) => ({
        fieldId: id,
        label,
        sensitivityClass,
      })),
      maxDays: policy.exceptions.maxDays,
    },
  }
}

/** Every exception of the account, and what a new one may name. */
import { ScrimError } from '../../core/errors.ts'
import { canHoldExceptions, mayManageExceptions } from '../../core/exception.ts'
import { rolesOf } from '../../core/policy-decision.ts'
import type { ExceptionList } from '../../contract/exceptions.ts'
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
  return {
    exceptions: await exceptionViews(ctx, exceptions),
    choices: {
      people: people
        .filter((person) => canHoldExceptions(rolesOf(person, policy)))
        .map(({ id, name }) => ({ id, name }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
      fields: policy.fields.map(({ id, label, sensitivityClass }) => ({
        fieldId: id,
        label,
        sensitivityClass,
      })),
      maxDays: policy.exceptions.maxDays,
    },
  }
}

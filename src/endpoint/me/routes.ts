import { maySeeBreakGlass } from '../../core/break-glass.ts'
import { mayManageExceptions } from '../../core/exception.ts'
import { mayReadAccess } from '../../core/access-report.ts'
import {
  mayErase,
  mayFindByValue,
  mayReadAuditLog,
  mayReadExposures,
  mayRevoke,
} from '../../core/policy-decision.ts'
import { mayReadPolicy } from '../../core/policy-version.ts'
import { mayReadPowers } from '../../core/power.ts'
import { me } from '../../contract/session.ts'
import { isCircuitOpen } from '../caps/standing.ts'
import { governanceOf } from '../policy/governance.ts'
import { hasSay } from '../reveal-requests/approvers.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'

export const meRoutes: Route[] = [
  route({
    method: 'get',
    path: '/me',
    operationId: 'getMe',
    summary: 'Who I am to Scrim, and which screens I have.',
    response: me,
    isPolled: true,
    handle: async (ctx) => {
      const { person, roles, seenRoles, policy } = ctx
      return {
        person: { id: person.id, name: person.name },
        roles: [...roles],
        waitingRoles: seenRoles.filter((role) => !roles.includes(role)),
        mayDecide: await hasSay(ctx),
        mayReadAuditLog: mayReadAuditLog(roles).allowed,
        mayRevoke: mayRevoke(roles).allowed,
        mayFindByValue: mayFindByValue(roles, policy).allowed,
        mayReadExposures: mayReadExposures(roles).allowed,
        mayErase: mayErase(roles).allowed,
        mayReadAccess: mayReadAccess(roles).allowed,
        mayReadPolicy: mayReadPolicy(ctx, governanceOf(ctx)).allowed,
        mayReadPowers: mayReadPowers(roles).allowed,
        maySeeBreakGlass: maySeeBreakGlass(roles).allowed,
        areRevealsPaused: policy.areRevealsPaused,
        isCircuitOpen: await isCircuitOpen(ctx),
        mayManageExceptions: mayManageExceptions(roles).allowed,
      }
    },
  }),
]

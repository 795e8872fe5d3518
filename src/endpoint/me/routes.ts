import { maySeeBreakGlass } from '../../core/break-glass.ts'
import {
  mayErase,
  mayFindByValue,
  mayReadAuditLog,
  mayReadExposures,
  mayRevoke,
} from '../../core/policy-decision.ts'
import { mayReadPowers } from '../../core/power.ts'
import { me } from '../../contract/session.ts'
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
    handle: async ({ person, roles, seenRoles, policy }) => ({
      person: { id: person.id, name: person.name },
      roles: [...roles],
      waitingRoles: seenRoles.filter((role) => !roles.includes(role)),
      mayDecide: roles.includes('lead'),
      mayReadAuditLog: mayReadAuditLog(roles).allowed,
      mayRevoke: mayRevoke(roles).allowed,
      mayFindByValue: mayFindByValue(roles, policy).allowed,
      mayReadExposures: mayReadExposures(roles).allowed,
      mayErase: mayErase(roles).allowed,
      mayReadPowers: mayReadPowers(roles).allowed,
      maySeeBreakGlass: maySeeBreakGlass(roles).allowed,
      areRevealsPaused: policy.areRevealsPaused,
    }),
  }),
]

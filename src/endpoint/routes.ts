/** Every route of the API. What is not in this list is neither mounted nor documented. */
import { auditLogRoutes } from './audit-log/routes.ts'
import { breakGlassRoutes } from './break-glass/routes.ts'
import { delegationRoutes } from './delegations/routes.ts'
import { capRoutes } from './caps/routes.ts'
import { detectionRoutes } from './detection/routes.ts'
import { exceptionRoutes } from './exceptions/routes.ts'
import { grantRoutes } from './grants/routes.ts'
import { ingestionRoutes } from './ingestion/routes.ts'
import { intakeRoutes } from './intake/routes.ts'
import { meRoutes } from './me/routes.ts'
import { protectedFieldRoutes } from './protected-fields/routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { restrictedNoteRoutes } from './restricted-notes/routes.ts'
import { revealRequestRoutes } from './reveal-requests/routes.ts'
import { policyRoutes } from './policy/routes.ts'
import { powerRoutes } from './powers/routes.ts'
import type { Route } from './route.ts'
import { vaultRoutes } from './vault/routes.ts'
import { saveGuardRoutes } from './save-guard/routes.ts'
import { valueCheckRoutes } from './value-checks/routes.ts'

export const ROUTES: readonly Route[] = [
  ...meRoutes,
  ...policyRoutes,
  ...powerRoutes,
  ...breakGlassRoutes,
  ...protectedFieldRoutes,
  ...revealRequestRoutes,
  ...delegationRoutes,
  ...grantRoutes,
  ...saveGuardRoutes,
  ...valueCheckRoutes,
  ...intakeRoutes,
  ...restrictedNoteRoutes,
  ...vaultRoutes,
  ...auditLogRoutes,
  ...exceptionRoutes,
  ...capRoutes,
  ...detectionRoutes,
  ...ingestionRoutes,
  ...reportRoutes,
]

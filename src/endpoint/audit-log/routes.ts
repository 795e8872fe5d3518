import { auditEntryList, listAuditEntriesQuery } from '../../contract/audit-entries.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { listAuditEntries } from './list.ts'

export const auditLogRoutes: Route[] = [
  route({
    method: 'get',
    path: '/audit-entries',
    operationId: 'listAuditEntries',
    summary: 'The audit log, newest first.',
    query: listAuditEntriesQuery,
    response: auditEntryList,
    isPolled: true,
    handle: (ctx, { query }) => listAuditEntries(ctx, query),
  }),
]

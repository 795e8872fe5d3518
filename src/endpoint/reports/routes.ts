import {
  accessExport,
  accessReport,
  exportAccessInput,
  findPeopleQuery,
  personAccess,
  personParam,
  reportedPeople,
} from '../../contract/reports.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { getAccessReport } from './access.ts'
import { exportAccess } from './export-access.ts'
import { findReportedPeople, getAccessOfPerson } from './people.ts'

export const reportRoutes: Route[] = [
  route({
    method: 'get',
    path: '/reports/access',
    operationId: 'getAccessReport',
    summary: 'Role by field as it is effective now, and the levels that would approve.',
    response: accessReport,
    handle: (ctx) => getAccessReport(ctx),
  }),
  route({
    method: 'get',
    path: '/reports/access/people',
    operationId: 'findReportedPeople',
    summary: 'People by name, with their roles and groups.',
    query: findPeopleQuery,
    response: reportedPeople,
    handle: (ctx, { query }) => findReportedPeople(ctx, query.name),
  }),
  route({
    method: 'get',
    path: '/reports/access/people/:personId',
    operationId: 'getAccessOfPerson',
    summary: 'What one person may do with each field, and which rule says so.',
    params: personParam,
    response: personAccess,
    handle: (ctx, { params }) => getAccessOfPerson(ctx, params.personId),
  }),
  route({
    method: 'post',
    path: '/reports/access/exports',
    operationId: 'exportAccess',
    summary: 'The access report as CSV. The export is logged.',
    body: exportAccessInput,
    response: accessExport,
    handle: (ctx, { body }) => exportAccess(ctx, body),
  }),
]

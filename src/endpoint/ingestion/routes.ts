import {
  ingestionStatus,
  listResidualExposuresQuery,
  residualExposureList,
} from '../../contract/ingestion.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { getIngestionStatus, listResidualExposures } from './list-exposures.ts'

export const ingestionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/residual-exposures',
    operationId: 'listResidualExposures',
    summary: 'What stays in Zendesk because no API removes it: where and of what kind.',
    query: listResidualExposuresQuery,
    response: residualExposureList,
    handle: (ctx, { query }) => listResidualExposures(ctx, query),
  }),
  route({
    method: 'get',
    path: '/ingestion',
    operationId: 'getIngestionStatus',
    summary: 'Events and redactions that wait, with the code of what went wrong.',
    response: ingestionStatus,
    handle: (ctx) => getIngestionStatus(ctx),
  }),
]

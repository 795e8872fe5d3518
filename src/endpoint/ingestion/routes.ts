import {
  exportResidualExposuresInput,
  ingestionRetry,
  ingestionStatus,
  listResidualExposuresQuery,
  residualExposureExport,
  residualExposureList,
  retryIngestionInput,
} from '../../contract/ingestion.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { exportResidualExposures } from './export-exposures.ts'
import { listResidualExposures } from './list-exposures.ts'
import { retryIngestion } from './retry.ts'
import { getIngestionStatus } from './status.ts'

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
    method: 'post',
    path: '/residual-exposures/exports',
    operationId: 'exportResidualExposures',
    summary: 'The same as CSV. The export is logged.',
    body: exportResidualExposuresInput,
    response: residualExposureExport,
    handle: (ctx, { body }) => exportResidualExposures(ctx, body),
  }),
  route({
    method: 'get',
    path: '/ingestion',
    operationId: 'getIngestionStatus',
    summary: 'Events and orders that wait or were given up, with the code of what went wrong.',
    response: ingestionStatus,
    isPolled: true,
    handle: (ctx) => getIngestionStatus(ctx),
  }),
  route({
    method: 'post',
    path: '/ingestion/retries',
    operationId: 'retryIngestion',
    summary: 'Has orders that were given up tried again.',
    body: retryIngestionInput,
    response: ingestionRetry,
    handle: (ctx, { body }) => retryIngestion(ctx, body),
  }),
]

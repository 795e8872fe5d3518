import { z } from 'zod'
import { fieldId, zendeskIdParam } from '../../contract/primitives.ts'
import {
  valueCheck,
  valueCheckInput,
  valueSearch,
  valueSearchInput,
} from '../../contract/value-checks.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { checkValue } from './check.ts'
import { findByValue } from './find.ts'

export const valueCheckRoutes: Route[] = [
  route({
    method: 'post',
    path: '/tickets/:ticketId/protected-fields/:fieldId/checks',
    operationId: 'checkValue',
    summary: 'Tells whether what the customer says is the stored value, without showing it.',
    params: z.strictObject({ ticketId: zendeskIdParam, fieldId }),
    body: valueCheckInput,
    response: valueCheck,
    handle: (ctx, { params, body }) => checkValue(ctx, { ...params, ...body }),
  }),
  route({
    method: 'post',
    path: '/value-searches',
    operationId: 'findByValue',
    summary: 'The tickets that hold an exact value, as far as I may open them.',
    body: valueSearchInput,
    response: valueSearch,
    handle: (ctx, { body }) => findByValue(ctx, body),
  }),
]

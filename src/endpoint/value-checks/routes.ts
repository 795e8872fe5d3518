import { z } from 'zod'
import { fieldId, zendeskIdParam } from '../../contract/primitives.ts'
import { valueCheck, valueCheckInput } from '../../contract/value-checks.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { checkValue } from './check.ts'

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
]

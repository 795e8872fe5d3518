import { z } from 'zod'
import { customerErasure, eraseCustomerInput } from '../../contract/erasure.ts'
import { zendeskIdParam } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { requestErasure } from './erase.ts'

const params = z.strictObject({ customerId: zendeskIdParam })

export const vaultRoutes: Route[] = [
  route({
    method: 'post',
    path: '/customers/:customerId/erasure',
    operationId: 'eraseCustomer',
    summary: "Erases one customer's values for good, for a reason that is logged.",
    params,
    body: eraseCustomerInput,
    response: customerErasure,
    handle: (ctx, input) => requestErasure(ctx, { ...input.params, ...input.body }),
  }),
]

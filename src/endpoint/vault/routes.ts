import { z } from 'zod'
import {
  customerErasure,
  eraseCustomerInput,
  erasurePreview,
  previewErasureQuery,
} from '../../contract/erasure.ts'
import { zendeskIdParam } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { requestErasure } from './erase.ts'
import { previewErasure } from './preview-erasure.ts'

const params = z.strictObject({ customerId: zendeskIdParam })

export const vaultRoutes: Route[] = [
  route({
    method: 'get',
    path: '/erasure-preview',
    operationId: 'previewErasure',
    summary: "What erasing one customer's values would erase and end, in numbers.",
    query: previewErasureQuery,
    response: erasurePreview,
    handle: (ctx, { query }) => previewErasure(ctx, query),
  }),
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

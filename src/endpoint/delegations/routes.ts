import { z } from 'zod'
import {
  createDelegationInput,
  delegationList,
  delegationView,
  endDelegationInput,
} from '../../contract/delegations.ts'
import { scrimId } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { createDelegation } from './create.ts'
import { endDelegationEarly } from './end.ts'
import { listDelegations } from './list.ts'

export const delegationRoutes: Route[] = [
  route({
    method: 'get',
    path: '/delegations',
    operationId: 'listDelegations',
    summary: 'Who decides for me, and for whom I decide; for compliance, everybody’s.',
    response: delegationList,
    isPolled: true,
    handle: (ctx) => listDelegations(ctx),
  }),
  route({
    method: 'post',
    path: '/delegations',
    operationId: 'createDelegation',
    summary: 'Lets somebody decide with my approving power for some days.',
    body: createDelegationInput,
    response: delegationView,
    handle: (ctx, { body }) => createDelegation(ctx, body),
  }),
  route({
    method: 'post',
    path: '/delegations/:id/end',
    operationId: 'endDelegation',
    summary: 'Ends a delegation before its time.',
    params: z.strictObject({ id: scrimId }),
    body: endDelegationInput,
    response: delegationView,
    handle: (ctx, { params }) => endDelegationEarly(ctx, params.id),
  }),
]

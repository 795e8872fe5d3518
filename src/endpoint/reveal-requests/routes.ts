import { z } from 'zod'
import { scrimId } from '../../contract/primitives.ts'
import {
  approveRevealRequestInput,
  claimRevealRequestInput,
  createRevealRequestInput,
  decideRevealRequestsInput,
  decidedRevealRequests,
  denyRevealRequestInput,
  listRevealRequestsQuery,
  releaseRevealRequestInput,
  revealRequestList,
  revealRequestView,
  withdrawRevealRequestInput,
} from '../../contract/reveal-requests.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { approveRevealRequest } from './approve.ts'
import { claimRevealRequest, releaseRevealRequest } from './claim.ts'
import { createRevealRequest } from './create.ts'
import { decideRevealRequests } from './decide-many.ts'
import { denyRevealRequest } from './deny.ts'
import { listRevealRequests } from './list.ts'
import { withdrawRevealRequest } from './withdraw.ts'

const params = z.strictObject({ id: scrimId })

export const revealRequestRoutes: Route[] = [
  route({
    method: 'post',
    path: '/reveal-requests',
    operationId: 'createRevealRequest',
    summary: 'Asks for a reveal of named fields of a ticket, with a reason.',
    body: createRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, { body }) => createRevealRequest(ctx, body),
  }),
  route({
    method: 'get',
    path: '/reveal-requests',
    operationId: 'listRevealRequests',
    summary: 'The queue of the people who decide, with what they need to decide.',
    query: listRevealRequestsQuery,
    response: revealRequestList,
    isPolled: true,
    handle: (ctx, { query }) => listRevealRequests(ctx, query.queue),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/:id/approve',
    operationId: 'approveRevealRequest',
    summary: 'Approves a request, in whole or in part; the last approval makes the grant.',
    params,
    body: approveRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, input) => approveRevealRequest(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/:id/deny',
    operationId: 'denyRevealRequest',
    summary: 'Denies a request, with a comment to the requester.',
    params,
    body: denyRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, input) => denyRevealRequest(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/decide',
    operationId: 'decideRevealRequests',
    summary: 'Approves or denies many requests about one ticket, each by itself.',
    body: decideRevealRequestsInput,
    response: decidedRevealRequests,
    handle: (ctx, { body }) => decideRevealRequests(ctx, body),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/:id/claim',
    operationId: 'claimRevealRequest',
    summary: 'Keeps others from deciding on a request for some minutes.',
    params,
    body: claimRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, input) => claimRevealRequest(ctx, input.params.id),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/:id/release',
    operationId: 'releaseRevealRequest',
    summary: "Gives one's own claim on a request back.",
    params,
    body: releaseRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, input) => releaseRevealRequest(ctx, input.params.id),
  }),
  route({
    method: 'post',
    path: '/reveal-requests/:id/withdraw',
    operationId: 'withdrawRevealRequest',
    summary: "Takes one's own pending request back.",
    params,
    body: withdrawRevealRequestInput,
    response: revealRequestView,
    handle: (ctx, input) => withdrawRevealRequest(ctx, input.params.id),
  }),
]

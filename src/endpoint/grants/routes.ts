import { z } from 'zod'
import {
  grantList,
  grantView,
  heartbeat,
  heartbeatInput,
  releaseInput,
  revealInput,
  revealedValue,
  revokeInput,
} from '../../contract/grants.ts'
import { scrimId } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { beat } from './heartbeat.ts'
import { listActiveGrants } from './list.ts'
import { releaseGrant } from './release.ts'
import { revealValue } from './reveal.ts'
import { revokeGrant } from './revoke.ts'

const params = z.strictObject({ id: scrimId })

export const grantRoutes: Route[] = [
  route({
    method: 'get',
    path: '/grants',
    operationId: 'listActiveGrants',
    summary: 'The grants that are alive now, for the people who may revoke them.',
    response: grantList,
    isPolled: true,
    handle: (ctx) => listActiveGrants(ctx),
  }),
  route({
    method: 'post',
    path: '/grants/:id/reveal',
    operationId: 'revealValue',
    summary: 'Reveals one field once. The only answer of this API that holds a value.',
    params,
    body: revealInput,
    response: revealedValue,
    handle: (ctx, input) => revealValue(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/grants/:id/heartbeat',
    operationId: 'heartbeat',
    summary: 'May the value on screen stay there?',
    params,
    body: heartbeatInput,
    response: heartbeat,
    handle: (ctx, input) => beat(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/grants/:id/release',
    operationId: 'releaseGrant',
    summary: 'The requester is done.',
    params,
    body: releaseInput,
    response: grantView,
    handle: (ctx, input) => releaseGrant(ctx, input.params.id),
  }),
  route({
    method: 'post',
    path: '/grants/:id/revoke',
    operationId: 'revokeGrant',
    summary: "Ends somebody's grant.",
    params,
    body: revokeInput,
    response: grantView,
    handle: (ctx, input) => revokeGrant(ctx, input.params.id, input.body),
  }),
]

import { z } from 'zod'
import {
  breakGlassInput,
  breakGlassList,
  brokenGlass,
  reviewBreakGlassInput,
} from '../../contract/break-glass.ts'
import { scrimId } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { invokeBreakGlass } from './invoke.ts'
import { listBreakGlass } from './list.ts'
import { reviewBreakGlass } from './review.ts'

const params = z.strictObject({ id: scrimId })

export const breakGlassRoutes: Route[] = [
  route({
    method: 'post',
    path: '/break-glass',
    operationId: 'breakGlass',
    summary: 'Gives a named person a short grant without prior approval; compliance reviews it.',
    body: breakGlassInput,
    response: brokenGlass,
    handle: (ctx, { body }) => invokeBreakGlass(ctx, body),
  }),
  route({
    method: 'get',
    path: '/break-glass',
    operationId: 'listBreakGlass',
    summary: 'Emergencies that are going on, and those that compliance reviews.',
    response: breakGlassList,
    isPolled: true,
    handle: (ctx) => listBreakGlass(ctx),
  }),
  route({
    method: 'post',
    path: '/break-glass/:id/review',
    operationId: 'reviewBreakGlass',
    summary:
      "Says what compliance found of somebody's emergency, and clears them for the next one.",
    params,
    body: reviewBreakGlassInput,
    response: breakGlassList,
    handle: (ctx, input) => reviewBreakGlass(ctx, input.params.id, input.body),
  }),
]

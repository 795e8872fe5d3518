import { z } from 'zod'
import {
  consentToExceptionInput,
  createExceptionInput,
  exceptionList,
  exceptionView,
  reopenExceptionInput,
} from '../../contract/exceptions.ts'
import { scrimId } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { proposeException, reopenException } from './create.ts'
import { consentToException, rejectException } from './decide.ts'
import { closeException, revokeException } from './end.ts'
import { listExceptions } from './list.ts'

const params = z.strictObject({ id: scrimId })
const nothing = z.strictObject({})

export const exceptionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/exceptions',
    operationId: 'listExceptions',
    summary: 'What single people may besides their roles, and what a new exception may name.',
    response: exceptionList,
    isPolled: true,
    handle: (ctx) => listExceptions(ctx),
  }),
  route({
    method: 'post',
    path: '/exceptions',
    operationId: 'proposeException',
    summary: 'Proposes an exception for one person; it holds once a second person consents.',
    body: createExceptionInput,
    response: exceptionView,
    handle: (ctx, { body }) => proposeException(ctx, body),
  }),
  route({
    method: 'post',
    path: '/exceptions/:id/consent',
    operationId: 'consentToException',
    summary: 'Consents to an exception that somebody else proposed for a third person.',
    params,
    body: consentToExceptionInput,
    response: exceptionView,
    handle: (ctx, input) => consentToException(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/exceptions/:id/reject',
    operationId: 'rejectException',
    summary: 'Rejects an exception that waits for consent.',
    params,
    body: nothing,
    response: exceptionView,
    handle: (ctx, input) => rejectException(ctx, input.params.id),
  }),
  route({
    method: 'post',
    path: '/exceptions/:id/revoke',
    operationId: 'revokeException',
    summary: 'Ends an exception, and what it gave, before its time.',
    params,
    body: nothing,
    response: exceptionView,
    handle: (ctx, input) => revokeException(ctx, input.params.id),
  }),
  route({
    method: 'post',
    path: '/exceptions/:id/reopen',
    operationId: 'reopenException',
    summary: 'Proposes an exception that ended once more, with a new end.',
    params,
    body: reopenExceptionInput,
    response: exceptionView,
    handle: (ctx, input) => reopenException(ctx, input.params.id, input.body),
  }),
  route({
    method: 'post',
    path: '/exceptions/:id/close',
    operationId: 'closeException',
    summary: 'Says of an exception that expired that it is not needed any more.',
    params,
    body: nothing,
    response: exceptionView,
    handle: (ctx, input) => closeException(ctx, input.params.id),
  }),
]

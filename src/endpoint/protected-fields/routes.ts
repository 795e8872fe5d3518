import { z } from 'zod'
import { MAX_UPLOAD_BYTES } from '../../core/document.ts'
import { fieldId, zendeskIdParam } from '../../contract/primitives.ts'
import {
  nativeFieldList,
  protectedFieldList,
  takeInInput,
  takenIn,
} from '../../contract/protected-fields.ts'
import type { Route } from '../route.ts'
import { fileRoute, route } from '../route.ts'
import { listNativeFields, listProtectedFields } from './list.ts'
import { takeIn, takeInDocument } from './take-in.ts'

const ticketParams = z.strictObject({ ticketId: zendeskIdParam })
const fieldParams = z.strictObject({ ticketId: zendeskIdParam, fieldId })

export const protectedFieldRoutes: Route[] = [
  route({
    method: 'get',
    path: '/tickets/:ticketId/protected-fields',
    operationId: 'listProtectedFields',
    summary: 'The protected fields of a ticket, masked, with my requests and grants on it.',
    params: ticketParams,
    response: protectedFieldList,
    isPolled: true,
    handle: (ctx, { params }) => listProtectedFields(ctx, params.ticketId),
  }),
  route({
    method: 'get',
    path: '/native-fields',
    operationId: 'listNativeFields',
    summary: 'The native ticket fields that the app hides. Hidden is not protected.',
    response: nativeFieldList,
    isPolled: true,
    handle: async (ctx) => listNativeFields(ctx),
  }),
  route({
    method: 'put',
    path: '/tickets/:ticketId/protected-fields/:fieldId/value',
    operationId: 'takeIn',
    summary: 'Takes a value into the vault; Zendesk receives its mask and token.',
    params: fieldParams,
    body: takeInInput,
    response: takenIn,
    handle: (ctx, { params, body }) => takeIn(ctx, { ...params, ...body }),
  }),
  fileRoute({
    method: 'post',
    path: '/tickets/:ticketId/protected-fields/:fieldId/document',
    operationId: 'takeInDocument',
    summary: 'Takes a scan or photo into the vault; Zendesk receives its mask and token.',
    params: fieldParams,
    fileLimitBytes: MAX_UPLOAD_BYTES,
    response: takenIn,
    handle: (ctx, { params, body }) => takeInDocument(ctx, { ...params, bytes: body }),
  }),
]

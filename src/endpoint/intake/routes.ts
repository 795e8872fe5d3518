import { z } from 'zod'
import {
  createIntakeLinkInput,
  createdIntakeLink,
  intakeLinkId,
  intakeLinkList,
  revokedIntakeLink,
} from '../../contract/intake-links.ts'
import { zendeskIdParam } from '../../contract/primitives.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { createIntakeLink } from './create.ts'
import { listIntakeLinks } from './list.ts'
import { revokeIntakeLink } from './revoke.ts'

const params = z.strictObject({ ticketId: zendeskIdParam })
const linkParams = z.strictObject({ ticketId: zendeskIdParam, linkId: intakeLinkId })

export const intakeRoutes: Route[] = [
  route({
    method: 'get',
    path: '/tickets/:ticketId/intake-links',
    operationId: 'listIntakeLinks',
    summary: 'The one-time links of a ticket that customers can still use.',
    params,
    response: intakeLinkList,
    handle: (ctx, input) => listIntakeLinks(ctx, input.params.ticketId),
  }),
  route({
    method: 'post',
    path: '/tickets/:ticketId/intake-links',
    operationId: 'createIntakeLink',
    summary:
      'Makes a one-time link through which the customer sends a value or document into the vault.',
    params,
    body: createIntakeLinkInput,
    response: createdIntakeLink,
    handle: (ctx, input) => createIntakeLink(ctx, { ...input.params, ...input.body }),
  }),
  route({
    method: 'post',
    path: '/tickets/:ticketId/intake-links/:linkId/revoke',
    operationId: 'revokeIntakeLink',
    summary: 'Ends a one-time link that was not used.',
    params: linkParams,
    response: revokedIntakeLink,
    handle: (ctx, input) => revokeIntakeLink(ctx, input.params),
  }),
]

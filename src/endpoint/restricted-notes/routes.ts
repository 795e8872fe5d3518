import { z } from 'zod'
import { zendeskIdParam } from '../../contract/primitives.ts'
import { writeNoteInput, writtenNote } from '../../contract/restricted-notes.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { writeRestrictedNote } from './write.ts'

export const restrictedNoteRoutes: Route[] = [
  route({
    method: 'post',
    path: '/tickets/:ticketId/restricted-notes',
    operationId: 'writeRestrictedNote',
    summary:
      'Takes an internal note into the vault; the ticket receives a private note without it.',
    params: z.strictObject({ ticketId: zendeskIdParam }),
    body: writeNoteInput,
    response: writtenNote,
    handle: (ctx, { params, body }) => writeRestrictedNote(ctx, { ...params, ...body }),
  }),
]

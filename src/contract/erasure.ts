/** Erasing one customer's values for good. */
import { z } from 'zod'
import { zendeskId, zendeskIdParam } from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

/** A customer, or the ticket whose customer it is. */
export const previewErasureQuery = z
  .strictObject({ customerId: zendeskIdParam.optional(), ticketId: zendeskIdParam.optional() })
  .refine((query) => (query.customerId === undefined) !== (query.ticketId === undefined), {
    error: 'one of customerId and ticketId',
  })

export const erasurePreview = z.object({
  /** The name is null where Zendesk does not know the person any more. */
  customer: z.object({ id: zendeskId, name: z.string().nullable() }),
  values: z.number().int().min(0),
  /** What people wrote about the customer's requests; 0 where policy keeps it. */
  texts: z.number().int().min(0),
  ticketCount: z.number().int().min(0),
  /** The newest, at most 50. */
  tickets: z.array(z.object({ ticketId: zendeskId, values: z.number().int().positive() })),
  /** Active grants and pending requests on the values: they end. */
  grants: z.number().int().min(0),
  requests: z.number().int().min(0),
  /** Places on these tickets where Zendesk keeps plaintext that nobody can remove. */
  exposures: z.number().int().min(0),
})

export const eraseCustomerInput = z.strictObject({
  /** Who asked for it and on what ground; stays in the log. */
  reasonText: z.string().max(MAX_FREE_TEXT_LENGTH),
})

export const customerErasure = z.object({
  customerId: zendeskId,
  /** What this call erased. */
  values: z.number().int().min(0),
  tickets: z.number().int().min(0),
  texts: z.number().int().min(0),
  /** Values that are left: call again. */
  remaining: z.number().int().min(0),
})

export type PreviewErasureQuery = z.infer<typeof previewErasureQuery>
export type ErasurePreview = z.infer<typeof erasurePreview>
export type EraseCustomerInput = z.infer<typeof eraseCustomerInput>
export type CustomerErasureView = z.infer<typeof customerErasure>

/** Erasing one customer's values for good. */
import { z } from 'zod'
import { zendeskId } from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

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

export type EraseCustomerInput = z.infer<typeof eraseCustomerInput>
export type CustomerErasureView = z.infer<typeof customerErasure>

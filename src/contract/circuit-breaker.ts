/** The account's circuit breaker: whether it stopped all reveals, and closing it. */
import { z } from 'zod'
import { instant, personRef, remainingSeconds, verdict } from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

export const circuitBreaker = z.object({
  /** Null while it is closed. */
  opened: z
    .object({
      at: instant,
      ageSeconds: remainingSeconds,
      /** Reveals within the hour, then. */
      count: z.number().int(),
      /** Who had most of them. They do not close it. */
      trippedBy: z.array(personRef),
    })
    .nullable(),
  /** Reveals within an hour that open it; null where policy sets no bound. */
  accountPerHour: z.number().int().nullable(),
  mayClose: verdict,
})

export const closeCircuitBreakerInput = z.strictObject({
  comment: z.string().max(MAX_FREE_TEXT_LENGTH),
})

export type CircuitBreaker = z.infer<typeof circuitBreaker>
export type CloseCircuitBreakerInput = z.infer<typeof closeCircuitBreakerInput>

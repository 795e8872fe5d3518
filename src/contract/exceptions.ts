/** Exceptions: what one person may besides their roles, for how long, and who agreed to it. */
import { z } from 'zod'
import { EXCEPTION_EFFECTS, EXCEPTION_STATES } from '../core/exception.ts'
import {
  fieldId,
  instant,
  personRef,
  remainingSeconds,
  scrimId,
  sensitivityClass,
  verdict,
  zendeskId,
} from './primitives.ts'
import { MAX_FREE_TEXT_LENGTH } from './reveal-requests.ts'

export const exceptionEffect = z.enum(EXCEPTION_EFFECTS)
export const exceptionState = z.enum(EXCEPTION_STATES)

/** Exactly one field of the catalogue, or one sensitivity class, by its id. */
const scopeInput = z.strictObject({ by: z.enum(['field', 'class']), id: fieldId })

export const exceptionScope = z.discriminatedUnion('by', [
  z.object({ by: z.literal('field'), fieldId, label: z.string(), sensitivityClass }),
  z.object({ by: z.literal('class'), sensitivityClass }),
])

export const createExceptionInput = z.strictObject({
  holderId: zendeskId,
  scope: scopeInput,
  effect: exceptionEffect,
  why: z.string().max(MAX_FREE_TEXT_LENGTH),
  /** Who answers for it; not who it is for. */
  ownerId: zendeskId,
  expiresAt: instant,
})

/** `expiresAt` is what one agrees to: another one by now is a `conflict`. */
export const consentToExceptionInput = z.strictObject({ expiresAt: instant })

/** The same again, as a new one that waits for consent. */
export const reopenExceptionInput = z.strictObject({
  why: z.string().max(MAX_FREE_TEXT_LENGTH),
  expiresAt: instant,
})

export const exceptionView = z.object({
  id: scrimId,
  holder: personRef,
  scope: exceptionScope,
  effect: exceptionEffect,
  why: z.string(),
  owner: personRef,
  author: personRef,
  state: exceptionState,
  createdAt: instant,
  expiresAt: instant,
  /** Until it ends; 0 when it has. */
  remainingSeconds,
  /** Who consented or rejected, and when. */
  decided: z.object({ by: personRef, at: instant }).nullable(),
  /** `by` is null when it ended by itself. */
  ended: z.object({ by: personRef.nullable(), at: instant }).nullable(),
  /** The one that it goes on from. */
  reopens: scrimId.nullable(),
  /** Whether it still covers something: a field that has become another one since is not covered. */
  isCovering: z.boolean(),
  /** How many requests it has decided. */
  requests: z.number().int().min(0),
  /** May the person who looks consent to it, or reject it? */
  mayConsent: verdict,
})

export const exceptionList = z.object({
  /** What waits and what is due for review first; then what holds, and what ended. */
  exceptions: z.array(exceptionView),
  /** What a new one may name. */
  choices: z.object({
    people: z.array(personRef),
    /** Who may answer for one: leads, compliance and administrators. */
    owners: z.array(personRef),
    fields: z.array(z.object({ fieldId, label: z.string(), sensitivityClass })),
    maxDays: z.number().int(),
  }),
})

export type CreateExceptionInput = z.infer<typeof createExceptionInput>
export type ReopenExceptionInput = z.infer<typeof reopenExceptionInput>
export type ExceptionView = z.infer<typeof exceptionView>
export type ExceptionScopeView = z.infer<typeof exceptionScope>
export type ExceptionList = z.infer<typeof exceptionList>

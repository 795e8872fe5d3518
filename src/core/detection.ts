/**
 * The shape of the policy's detection section, for whoever reads it. That a custom detector is safe
 * is checked where a policy is taken (`policy.ts`): that check is nothing for a browser's bundle.
 */
import { z } from 'zod'
import type { DetectedKind } from '../detect/span.ts'
import { CONFIDENCE_LEVELS, CONTACT_KINDS, DETECTED_KINDS } from '../detect/span.ts'

const kind = z.enum(DETECTED_KINDS)

export const customDetector = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: z.string().min(1).max(60),
  kind,
  pattern: z.string().min(1).max(200),
  example: z.string().min(1).max(200),
  confidence: z.enum(CONFIDENCE_LEVELS),
})

export const detectionSection = z.strictObject({
  /** From which confidence a kind is acted on. */
  levels: z.record(kind, z.enum([...CONFIDENCE_LEVELS, 'off'])),
  custom: z.array(customDetector).max(20),
  saveGuard: z.strictObject({
    /** `ask`: what a draft holds is named, and the agent chooses what becomes of it. */
    action: z.enum(['off', 'ask']),
    /** What it asks about: a reply's own signature holds an e-mail address and a phone number. */
    kinds: z.array(kind),
    /** Whether a draft may go out as it is with a documented reason. */
    maySendWithReason: z.boolean(),
    /** What becomes of a draft that could not be looked at. */
    whenUnable: z.enum(['block', 'pass']),
  }),
})

/** What people give each other to be reached, and what machines have. */
export const CONTACT_DATA: readonly DetectedKind[] = ['email', ...CONTACT_KINDS]

export const DEFAULT_GUARDED_KINDS = DETECTED_KINDS.filter((name) => !CONTACT_DATA.includes(name))

export type DetectionSection = z.infer<typeof detectionSection>
export type SaveGuardPolicy = DetectionSection['saveGuard']

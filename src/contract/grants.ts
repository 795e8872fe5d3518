/** What an approval yields: using it, keeping it alive, ending it. */
import { z } from 'zod'
import { MAX_DOCUMENT_BYTES, countParts } from '../core/document.ts'
import {
  fieldId,
  fieldRef,
  instant,
  personRef,
  remainingSeconds,
  scrimId,
  zendeskId,
} from './primitives.ts'

export const GRANT_STATES = [
  'active',
  'expired',
  'exhausted',
  'released',
  'revoked',
  'ended',
] as const
export const grantState = z.enum(GRANT_STATES)

export const grantView = z.object({
  id: scrimId,
  requestId: scrimId,
  ticketId: zendeskId,
  requester: personRef,
  approvedBy: z.array(personRef),
  reasonLabel: z.string(),
  reasonText: z.string(),
  fields: z.array(fieldRef.extend({ usesLeft: z.number().int().min(0) })),
  state: grantState,
  expiresAt: instant,
  remainingSeconds,
  /** Whether it was taken without approval, in an emergency. */
  isBreakGlass: z.boolean(),
})

/**
 * One reveal: one field, one use. `attemptId` is made by the client, once per intention; the same
 * session repeating it within the display window gets the value again without another use. Of a
 * document, part 0 takes the use, and the other parts are asked for with the same attempt.
 */
export const revealInput = z.strictObject({
  attemptId: scrimId,
  fieldId,
  part: z
    .number()
    .int()
    .min(0)
    .max(countParts(MAX_DOCUMENT_BYTES) - 1)
    .default(0),
})

const revealed = z.object({
  grantId: scrimId,
  attemptId: scrimId,
  fieldId,
  /** How long this value may stand on screen from now. */
  displayRemainingSeconds: remainingSeconds,
  displaySeconds: z.number().int(),
  usesLeft: z.number().int().min(0),
  isCopyAllowed: z.boolean(),
  /** Lies across the value. */
  watermark: z.object({ name: z.string(), at: instant }),
})

/** One part of a document. `contentType` was told by its content; of others than ours nothing is shown. */
export const documentPart = z.object({
  contentType: z.string(),
  /** Of the whole document, in bytes. */
  size: z.number().int().min(0),
  /** How many there are, and which this one is, from 0. */
  parts: z.number().int().positive(),
  part: z.number().int().min(0),
  /** The part's bytes in base64. */
  data: z.string(),
  /** Whether the document may be saved as a file. */
  isDownloadAllowed: z.boolean(),
})

/** The only responses of the whole API that hold a value: a text, or one part of a document. */
export const revealedText = revealed.extend({ value: z.string() })
export const revealedDocument = revealed.extend({ document: documentPart })
export const revealedValue = z.union([revealedText, revealedDocument])

/** Sent every 3 seconds while a value is on screen. */
export const heartbeatInput = z.strictObject({ attemptId: scrimId })
export const heartbeat = z.object({ displayRemainingSeconds: remainingSeconds })

/** "I'm done": the requester ends their own grant. */
export const releaseInput = z.strictObject({})
/** A lead, compliance or whoever approved it ends someone's grant. */
export const revokeInput = z.strictObject({ comment: z.string().max(500).optional() })

export const grantList = z.object({ grants: z.array(grantView) })

export type GrantState = z.infer<typeof grantState>
export type GrantView = z.infer<typeof grantView>
export type GrantList = z.infer<typeof grantList>
export type RevealInput = z.infer<typeof revealInput>
export type DocumentPart = z.infer<typeof documentPart>
export type RevealedText = z.infer<typeof revealedText>
export type RevealedDocument = z.infer<typeof revealedDocument>
export type RevealedValue = z.infer<typeof revealedValue>
export type HeartbeatInput = z.infer<typeof heartbeatInput>
export type Heartbeat = z.infer<typeof heartbeat>
export type RevokeInput = z.infer<typeof revokeInput>

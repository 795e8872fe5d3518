/** Reading the audit log. */
import { z } from 'zod'
import { DETECTED_KINDS } from '../detect/span.ts'
import { errorCode, fieldRef, instant, personRef, zendeskId, zendeskIdParam } from './primitives.ts'
import { location } from './session.ts'

export const auditEntryView = z.object({
  index: z.number().int().min(0),
  at: instant,
  action: z.string(),
  actor: z.discriminatedUnion('type', [
    z.object({ type: z.literal('person'), person: personRef }),
    z.object({ type: z.literal('system'), name: z.string() }),
    z.object({ type: z.literal('operator'), name: z.string() }),
  ]),
  outcome: z.enum(['ok', 'refused', 'failed']),
  code: errorCode.nullable(),
  ticketId: zendeskId.nullable(),
  /** Labels as the catalogue has them now. */
  fields: z.array(fieldRef.pick({ fieldId: true, label: true, place: true })),
  /** Where the app was opened; null for every other act. */
  location: location.nullable(),
  /** What the save guard found, or what a refused text held; empty for every other act. */
  kinds: z.array(z.enum(DETECTED_KINDS)),
  requestId: z.string().nullable(),
  grantId: z.string().nullable(),
  policyVersion: z.number().int().nullable(),
  /** Free text by its name in the entry, where it has not been erased. */
  texts: z.record(z.string(), z.string()),
  leafHash: z.string(),
})

export const listAuditEntriesQuery = z.strictObject({
  /** Keyset: entries with a smaller index. Absent means from the newest. */
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional(),
  action: z
    .string()
    .regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/)
    .optional(),
  ticketId: zendeskIdParam.optional(),
  actorId: zendeskIdParam.optional(),
})

export const auditEntryList = z.object({
  /** Newest first, at most 50. */
  entries: z.array(auditEntryView),
  nextBefore: z.number().int().nullable(),
  /** Zendesk's agents now, to filter by; only with the first page. */
  people: z.array(personRef),
  /** The tree over all entries of the account when the answer was made. */
  treeSize: z.number().int(),
  rootHash: z.string(),
})

export type AuditEntryView = z.infer<typeof auditEntryView>
export type AuditEntryList = z.infer<typeof auditEntryList>

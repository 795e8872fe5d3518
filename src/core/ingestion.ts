/** What policy does with sensitive values that arrive in tickets by themselves. */
import { z } from 'zod'
import { DETECTED_KINDS } from '../detect/span.ts'
import type { DetectedKind } from '../detect/span.ts'
import { CONTACT_DATA } from './detection.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { SensitivityClass } from './protected-field.ts'

const kind = z.enum(DETECTED_KINDS)

/**
 * `vaulted`: kept in the vault, then redacted. `destroyed`: redacted and kept nowhere. `ignored`: left
 * where it is.
 */
export const HANDLINGS = ['vaulted', 'destroyed', 'ignored'] as const
export type Handling = (typeof HANDLINGS)[number]

const DEFAULT_ATTACHMENTS = {
  isScanned: true,
  documents: { isEveryTicket: false, formIds: [], tags: [] },
  kind: 'identity_document' as const,
  sensitivityClass: 'secret' as const,
}

/** Attachments of the comments that are covered, pictures in their text included. */
const attachmentsSection = z
  .strictObject({
    /** Whether the text of files and the text layer of PDFs is looked through. */
    isScanned: z.boolean(),
    /** The tickets on which pictures and PDFs are taken whole, whatever they show. */
    documents: z.strictObject({
      isEveryTicket: z.boolean(),
      /** The ticket was sent with one of these forms, */
      formIds: z.array(z.number().int().positive()).max(100),
      /** or has one of these tags. */
      tags: z.array(z.string().regex(/^\S{1,255}$/)).max(100),
    }),
    /** What is taken whole is kept as. */
    kind: kind.exclude(['card_verification_code']),
    sensitivityClass: z.enum(SENSITIVITY_CLASSES),
  })
  .default(DEFAULT_ATTACHMENTS)

export const ingestionSection = z
  .strictObject({
    /** Comments that the customer sees, and what the customer writes. */
    publicComments: z.boolean(),
    internalNotes: z.boolean(),
    /** Ticket fields of the catalogue. */
    fields: z.boolean(),
    /** What stands in a subject is masked there. A policy from before says yes. */
    subjects: z.boolean().default(true),
    /** The same in text fields that the catalogue does not have. */
    otherFields: z.boolean().default(true),
    /** A policy from before attachments were looked into gets the safe defaults. */
    attachments: attachmentsSection,
    /** A kind that is not listed is vaulted. */
    handling: z.partialRecord(kind, z.enum(HANDLINGS)),
    /** A kind that is not listed is restricted. */
    sensitivityClass: z.partialRecord(kind, z.enum(SENSITIVITY_CLASSES)),
  })
  // PCI DSS 3.3.1: not kept after authorization, not even encrypted.
  .refine(({ handling }) => handling.card_verification_code !== 'vaulted', {
    path: ['handling', 'card_verification_code'],
    message: 'card verification codes are never stored',
  })

export type IngestionPolicy = z.infer<typeof ingestionSection>

/** Redacting is for good, and without contact data nobody could be called back: that stays. */
export const DEFAULT_INGESTION: IngestionPolicy = {
  publicComments: true,
  internalNotes: true,
  fields: true,
  subjects: true,
  otherFields: true,
  attachments: DEFAULT_ATTACHMENTS,
  handling: Object.fromEntries(CONTACT_DATA.map((name) => [name, 'ignored'])),
  sensitivityClass: {},
}

/** What becomes of a finding of this kind in a comment, a subject or a field that no catalogue has. */
export function handlingOf(policy: { ingestion: IngestionPolicy }, found: DetectedKind): Handling {
  const chosen = policy.ingestion.handling[found]
  return chosen ?? (found === 'card_verification_code' ? 'destroyed' : 'vaulted')
}

/** The class that a finding of this kind is kept under. */
export function classOfFinding(
  policy: { ingestion: IngestionPolicy },
  found: DetectedKind,
): SensitivityClass {
  return policy.ingestion.sensitivityClass[found] ?? 'restricted'
}

/** Whether policy takes pictures and PDFs of this ticket whole. Zendesk's tags know no capitals. */
export function takesDocuments(
  policy: { ingestion: IngestionPolicy },
  ticket: { formId: number | null; tags: readonly string[] },
): boolean {
  const { isEveryTicket, formIds, tags } = policy.ingestion.attachments.documents
  const marks = new Set(tags.map((tag) => tag.toLowerCase()))
  return (
    isEveryTicket ||
    (ticket.formId !== null && formIds.includes(ticket.formId)) ||
    ticket.tags.some((tag) => marks.has(tag.toLowerCase()))
  )
}

/**
 * What a file is kept as in which these kinds were found: the kind of the most sensitive class, among
 * equals the first of `DETECTED_KINDS`. Kinds that are kept nowhere do not count.
 */
export function documentKind(
  policy: { ingestion: IngestionPolicy },
  found: readonly DetectedKind[],
): { kind: DetectedKind; sensitivityClass: SensitivityClass } {
  const kept = DETECTED_KINDS.filter(
    (name) => found.includes(name) && handlingOf(policy, name) === 'vaulted',
  ).map((name) => ({ kind: name, sensitivityClass: classOfFinding(policy, name) }))
  const rank = ({ sensitivityClass }: (typeof kept)[number]) =>
    SENSITIVITY_CLASSES.indexOf(sensitivityClass)
  const [most] = kept.toSorted((one, other) => rank(other) - rank(one))
  return most ?? { kind: 'other', sensitivityClass: classOfFinding(policy, 'other') }
}

/**
 * The field catalogue: where a sensitive value belongs, what kind it is, how sensitive, and how it
 * is protected.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { ALLOWED, refuse } from './errors.ts'
import { DETECTED_KINDS } from '../detect/span.ts'

/** What detection finds, and what only a person can tell. */
export const FIELD_KINDS = [...DETECTED_KINDS, 'internal_note'] as const
export type FieldKind = (typeof FIELD_KINDS)[number]

/** From least to most sensitive. */
export const SENSITIVITY_CLASSES = ['confidential', 'restricted', 'secret'] as const
export type SensitivityClass = (typeof SENSITIVITY_CLASSES)[number]

/**
 * `vaulted`: the value lives in the vault, Zendesk holds mask and token. `hidden`: the value still
 * lives in Zendesk and only its native field is hidden, which is cosmetic. `destroyed`: never stored.
 */
export const PROTECTIONS = ['vaulted', 'hidden', 'destroyed'] as const
export type Protection = (typeof PROTECTIONS)[number]

export type ProtectedField = {
  /** Catalogue id, `[a-z0-9_]{1,64}`, stable over renames of the Zendesk field. */
  id: string
  label: string
  kind: FieldKind
  sensitivityClass: SensitivityClass
  protection: Protection
  /** The Zendesk ticket field that holds mask and token. */
  zendeskFieldId: number
}

/** The record a value belongs to. Ticket ids are Zendesk's. */
export type RecordRef = { type: 'ticket'; id: number }

/** Zendesk field types that can hold free text, and so a mask and a token. */
const TEXT_FIELD_TYPES: readonly string[] = ['text', 'textarea']

/**
 * Whether a Zendesk ticket field of this type can hold mask and token.
 * `regexp` fields are refused as a rule, because their pattern would have to admit the mask.
 */
export function canHoldMask(zendeskFieldType: string): Verdict<ScrimErrorCode> {
  return TEXT_FIELD_TYPES.includes(zendeskFieldType) ? ALLOWED : refuse('field_type_unsupported')
}

/** A ticket field to add beside one that cannot hold a mask, and to protect instead of it. */
export type CompanionField = { title: string; type: 'text' }

/** The companion that is proposed for a field of another type. */
export function companionOf(field: Pick<ProtectedField, 'label'>): CompanionField {
  return { title: `${field.label} (protected)`, type: 'text' }
}

/** The catalogue's entry with this id, or undefined. */
export function findField(
  catalogue: readonly ProtectedField[],
  fieldId: string,
): ProtectedField | undefined {
  return catalogue.find((field) => field.id === fieldId)
}

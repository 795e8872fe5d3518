/**
 * What a stored value belongs to: a field of the catalogue, or a place in the ticket where no field
 * is, such as a comment. Rules, lists and verbs ask here, so that both are treated alike.
 */
import type { Place } from './place.ts'
import { FIELD_KINDS, SENSITIVITY_CLASSES, findField } from './protected-field.ts'
import type { FieldKind, ProtectedField, SensitivityClass } from './protected-field.ts'

/** A catalogue field, or a made one: without a ticket field, and its label made of its place. */
export type VaultedField = Omit<ProtectedField, 'zendeskFieldId'> & {
  zendeskFieldId: number | null
  place: Place | null
}

/** What a stored value says of itself. */
export type ValueDescription = {
  fieldId: string
  kind: string | null
  sensitivityClass: string | null
  /** Who brought it, and when, where that was asked for. */
  createdBy?: number | null
  createdAt?: Date | null
}

const NUMBER = '[1-9]\\d{0,15}'
const PLACE = new RegExp(
  `^(?:(comment|field)_(${NUMBER})_(${NUMBER})|(note|subject)_(${NUMBER})|attachment_(${NUMBER}))$`,
)

/**
 * The field id of a value at a place: `comment_<comment>_<n>`, `field_<field>_<n>`, `subject_<n>`,
 * `attachment_<id>`, `note_<n>`.
 */
export function fieldIdAt(place: Place): string {
  switch (place.in) {
    case 'comment':
    case 'field':
      return `${place.in}_${place.id}_${place.number}`
    case 'attachment':
      return `attachment_${place.id}`
    case 'note':
    case 'subject':
      return `${place.in}_${place.number}`
  }
}

/** The place that a field id names, or null for a catalogue id. */
export function placeOf(fieldId: string): Place | null {
  const [, text, id, ordinal, counted, count, attachment] = PLACE.exec(fieldId) ?? []
  // The pattern lets no other names through.
  if (text !== undefined) {
    return { in: text as 'comment' | 'field', id: Number(id), number: Number(ordinal) }
  }
  if (counted !== undefined) return { in: counted as 'note' | 'subject', number: Number(count) }
  return attachment === undefined ? null : { in: 'attachment', id: Number(attachment) }
}

/**
 * The field of a stored value. A place is described by the row; what the row does not say counts as
 * most sensitive. Undefined for a field that left the catalogue: nobody may ask for it any more.
 */
export function fieldOfValue(
  policy: { fields: readonly ProtectedField[] },
  value: ValueDescription,
): VaultedField | undefined {
  const field = findField(policy.fields, value.fieldId)
  if (field !== undefined) return { ...field, place: null }
  const place = placeOf(value.fieldId)
  if (place === null) return undefined
  return {
    id: value.fieldId,
    label: value.fieldId,
    kind: kindOf(value),
    sensitivityClass: classOf(value),
    protection: 'vaulted',
    zendeskFieldId: null,
    place,
  }
}

function kindOf({ kind }: ValueDescription): FieldKind {
  return FIELD_KINDS.find((known) => known === kind) ?? 'other'
}

function classOf({ sensitivityClass }: ValueDescription): SensitivityClass {
  return SENSITIVITY_CLASSES.find((known) => known === sensitivityClass) ?? 'secret'
}

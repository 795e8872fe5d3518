/** What a draft holds, one finding a value, and what a pass covers of it. */
import { maskValue } from '../../../core/mask.ts'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { Confidence, DetectedKind, Why } from '../../../detect/span.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from '../../../detect/span.ts'
import type { Occurrence } from './draft-text.ts'

export type Finding = {
  /** Kind and value. In memory only: it stands in no attribute, address or message. */
  key: string
  kind: DetectedKind
  value: string
  /** How often it stands in the draft. */
  places: number
  confidence: Confidence
  why: Why
}

/** A draft's findings that may be sent once, by key and number. */
export type Pass = { isPublic: boolean; places: ReadonlyMap<string, number> }

/** The same value spelt in another way is the same finding. */
export function keyOf({ kind, value }: Pick<Occurrence, 'kind' | 'value'>): string {
  return `${kind} ${value
    .normalize('NFKC')
    .replace(/[\s\p{Cf}-]+/gu, '')
    .toLowerCase()}`
}

/** In the draft's order; the surest occurrence speaks for a value that stands there twice. */
export function gatherFindings(occurrences: readonly Occurrence[]): Finding[] {
  const findings = new Map<string, Finding>()
  for (const occurrence of occurrences) {
    const { kind, value, confidence, why } = occurrence
    const key = keyOf(occurrence)
    const known = findings.get(key)
    const isSurer =
      known === undefined ||
      CONFIDENCE_LEVELS.indexOf(confidence) > CONFIDENCE_LEVELS.indexOf(known.confidence)
    findings.set(key, {
      ...(isSurer ? { key, kind, value, confidence, why } : known),
      places: (known?.places ?? 0) + 1,
    })
  }
  return [...findings.values()]
}

export function passFor(findings: readonly Finding[], isPublic: boolean): Pass {
  return { isPublic, places: new Map(findings.map(({ key, places }) => [key, places])) }
}

/** A draft may hold less than was passed, not more and nothing else, and a note does not become a reply. */
export function isCovered(
  pass: Pass | null,
  findings: readonly Finding[],
  isPublic: boolean,
): boolean {
  if (pass === null || (isPublic && !pass.isPublic)) return false
  return findings.every(({ key, places }) => places <= (pass.places.get(key) ?? 0))
}

/** Each kind once, in the catalogue's order. */
export function kindsOf(findings: readonly Finding[]): DetectedKind[] {
  return DETECTED_KINDS.filter((kind) => findings.some((finding) => finding.kind === kind))
}

export function placesOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { places }) => sum + places, 0)
}

/**
 * Where a finding may go: fields of its kind whose values this person may take down, empty ones first.
 * Card verification codes go nowhere (PCI DSS 4.0.1, 3.3.1.2).
 */
export function fieldsFor(
  { kind }: Pick<Finding, 'kind'>,
  fields: readonly ProtectedFieldView[],
  taken: ReadonlySet<string>,
): (ProtectedFieldView & { isEmpty: boolean })[] {
  if (kind === 'card_verification_code') return []
  return fields
    .filter((field) => field.kind === kind && field.mayTakeIn.allowed)
    .map((field) => ({ ...field, isEmpty: !field.hasValue && !taken.has(field.fieldId) }))
    .toSorted((one, other) => Number(other.isEmpty) - Number(one.isEmpty))
}

/**
 * What becomes of all findings at once: each goes to an empty field of its own while there is one;
 * null means that only its mask stays. Nothing is replaced without a question.
 */
export function planFor(
  findings: readonly Finding[],
  fields: readonly ProtectedFieldView[],
  taken: ReadonlySet<string>,
): { finding: Finding; fieldId: string | null }[] {
  const used = new Set(taken)
  return findings.map((finding) => {
    const [place] = fieldsFor(finding, fields, used)
    if (place?.isEmpty !== true) return { finding, fieldId: null }
    used.add(place.fieldId)
    return { finding, fieldId: place.fieldId }
  })
}

/** The mask by the strictest class among the fields of its kind; without one, as a restricted value. */
export function maskOf(finding: Finding, fields: readonly ProtectedFieldView[]): string {
  const isSecret = fields.some(
    (field) => field.kind === finding.kind && field.sensitivityClass === 'secret',
  )
  return maskValue(finding.value, finding.kind, isSecret ? 'secret' : 'restricted')
}

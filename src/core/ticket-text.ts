/**
 * What policy takes out of a text that Zendesk can neither redact nor hold a token in: a subject, or a
 * field that no catalogue has. Such a text keeps its words; what was found in it gives way to masks.
 */
import type { DetectedKind } from '../detect/span.ts'
import { DETECTED_KINDS } from '../detect/span.ts'
import { classOfFinding, handlingOf } from './ingestion.ts'
import type { TakenOut } from './mask-text.ts'
import { takeOut } from './mask-text.ts'
import type { Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'

/** Kinds that policy ignores stay as they are; what is kept nowhere is masked fully. */
export function takeOutOfText(
  policy: Pick<Policy, 'detection' | 'ingestion'>,
  text: string,
): TakenOut {
  const { levels, custom } = policy.detection
  const acted = { ...levels }
  const classByKind: Partial<Record<DetectedKind, SensitivityClass>> = {}
  for (const kind of DETECTED_KINDS) {
    const handling = handlingOf(policy, kind)
    if (handling === 'ignored') acted[kind] = 'off'
    if (handling === 'vaulted') classByKind[kind] = classOfFinding(policy, kind)
  }
  return takeOut(text, classByKind, { levels: acted, custom })
}

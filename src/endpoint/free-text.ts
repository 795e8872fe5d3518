/**
 * What people type into Scrim for others to read, such as reasons and comments, is looked at before it
 * is stored: such texts go to approvers, notifications, the log's readers and its exports, where no
 * mask and no grant protects a value.
 */
import type { Verdict } from '../core/errors.ts'
import type { DetectionSection } from '../core/detection.ts'
import type { Policy } from '../core/policy.ts'
import { visibleText } from '../core/reason-text.ts'
import { detect } from '../detect/detect.ts'
import { DETECTED_KINDS } from '../detect/span.ts'

type Levels = DetectionSection['levels']

/** What a refusal holds is the kinds, never the text, nor where in it something stands. */
export function checkFreeText(
  { policy }: { policy: Pick<Policy, 'detection'> },
  text: string,
): Verdict<'text_sensitive'> {
  const { levels, custom } = policy.detection
  const options = { levels: strictLevels(levels), custom }
  // As typed and as it will be stored: what is taken out in between may hide a value in either.
  const spans = [text, visibleText(text)].flatMap((form) => detect(form, options))
  if (spans.length === 0) return { allowed: true }
  const kinds = DETECTED_KINDS.filter((kind) => spans.some((span) => span.kind === kind))
  return { allowed: false, code: 'text_sensitive', kinds }
}

/**
 * Policy can make this check stricter and not laxer: `off` and `certain` suit what customers write
 * about themselves, while in these texts nobody needs a value, and the log keeps them for years.
 */
function strictLevels(levels: Levels): Levels {
  return Object.fromEntries(
    DETECTED_KINDS.map((kind) => [kind, levels[kind] === 'possible' ? 'possible' : 'likely']),
  ) as Levels
}

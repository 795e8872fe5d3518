/** Who was asked, and what time does about it: one line, as short as it can be said. */
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { fullNames, namesInShort } from '../../shared/people.ts'
import type { Translation } from '../../shared/translation.ts'

/** `elapsedSeconds`: since the endpoint counted the request's seconds. */
export function askedSentence(
  request: Pick<RevealRequestView, 'askedOf' | 'onDuty' | 'escalation'>,
  elapsedSeconds: number,
  translation: Translation,
): { short: string; full: string | undefined } {
  const { t } = translation
  const { askedOf, onDuty, escalation } = request
  if (askedOf.length === 0) return { short: t('sidebar.asked_nobody'), full: undefined }
  const moment = onDuty ?? escalation
  // What is due by now the next answer of the endpoint tells.
  const left = (moment?.remainingSeconds ?? 0) - elapsedSeconds
  const key =
    moment === null || left <= 0
      ? 'sidebar.asked'
      : onDuty === null
        ? 'sidebar.asked_then_others'
        : 'sidebar.asked_off_hours'
  const time = moment === null ? '' : inTime(moment.at, left, translation)
  return {
    short: t(key, { names: namesInShort(askedOf, translation), time }),
    full: t(key, { names: fullNames(askedOf, translation), time }),
  }
}

/** "in 12 min", or from an hour on the moment with its zone. */
function inTime(at: string, left: number, { t, duration, instant }: Translation): string {
  return left < 3600 ? t('sidebar.in', { time: duration(left) }) : instant(at)
}

/** Who was asked, and what time does about it: one line, and all of it in words. */
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { fullNames, namesInShort } from '../../shared/people.ts'
import type { Translation } from '../../shared/translation.ts'

export type AskedSentence = {
  /** Cut at its end where the line is too short: the moment that matters next comes first. */
  note: string
  /** The whole of it, with names in full. */
  noteTitle?: string
}

/** `elapsedSeconds`: since the endpoint counted the request's seconds. */
export function askedSentence(
  request: Pick<RevealRequestView, 'askedOf' | 'onDuty' | 'escalation'>,
  elapsedSeconds: number,
  translation: Translation,
): AskedSentence {
  const { t, duration, instant } = translation
  const { askedOf, onDuty, escalation } = request
  if (askedOf.length === 0) return { note: t('sidebar.asked_nobody') }
  const names = namesInShort(askedOf, translation)
  const inFull = fullNames(askedOf, translation)
  const moment = onDuty ?? escalation
  // What is due by now the next answer of the endpoint tells.
  const left = (moment?.remainingSeconds ?? 0) - elapsedSeconds
  if (moment === null || left <= 0) {
    return {
      note: t('sidebar.asked', { names }),
      noteTitle: t('sidebar.asked', { names: inFull }),
    }
  }
  const time = left < 3600 ? t('sidebar.in', { time: duration(left) }) : instant(moment.at)
  return onDuty === null
    ? {
        note: t('sidebar.others_too', { names, time }),
        noteTitle: t('sidebar.asked_then_others', { names: inFull, time }),
      }
    : {
        note: t('sidebar.on_duty', { names, time }),
        noteTitle: t('sidebar.asked_off_hours', { names: inFull, time }),
      }
}

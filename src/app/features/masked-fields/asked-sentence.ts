/** Who was asked, and what time does about it: one line, and all of it in words. */
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { fullNames, namesInShort } from '../../shared/people.ts'
import type { Translation } from '../../shared/translation.ts'

export type AskedSentence = {
  /** Cut where the line is too short. */
  note: string
  /** Ends the line, and is not cut: the moment that matters next. */
  noteEnd?: string
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
  const asked = {
    note: t('sidebar.asked', { names: namesInShort(askedOf, translation) }),
    noteTitle: t('sidebar.asked', { names: fullNames(askedOf, translation) }),
  }
  const moment = onDuty ?? escalation
  // What is due by now the next answer of the endpoint tells.
  const left = (moment?.remainingSeconds ?? 0) - elapsedSeconds
  if (moment === null || left <= 0) return asked
  const time = left < 3600 ? t('sidebar.in', { time: duration(left) }) : instant(moment.at)
  const names = fullNames(askedOf, translation)
  return onDuty === null
    ? {
        note: asked.note,
        noteEnd: t('sidebar.others_too', { time }),
        noteTitle: t('sidebar.asked_then_others', { names, time }),
      }
    : {
        note: asked.note,
        noteEnd: t('sidebar.on_duty', { time }),
        noteTitle: t('sidebar.asked_off_hours', { names, time }),
      }
}

/** The sentences behind "Why?" of a field: what happened last, or which rule keeps it masked. */
import type { GrantView } from '../../../contract/grants.ts'
import type { ProtectedFieldList, ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { isComparable } from '../../../core/place.ts'
import type { WhyRule } from '../../../core/why.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { WhyPanel } from '../../shared/WhyPanel.tsx'
import type { WhyPanelProps } from '../../shared/WhyPanel.tsx'
import { whyWords } from '../../shared/why-words.ts'
import { Lesson } from './Lesson.tsx'

export type MaskedFieldWhyProps = {
  field: ProtectedFieldView
  list: Pick<ProtectedFieldList, 'roles' | 'waitingRoles' | 'classes' | 'form'>
  lastRequest: RevealRequestView | null
  lastGrant: GrantView | null
}

export function MaskedFieldWhy(props: MaskedFieldWhyProps) {
  const { field } = props
  const why = useWhy(props)
  return (
    <WhyPanel why={why}>
      <Lesson
        kind={field.kind}
        isCheckable={
          field.mayAsk.allowed && field.contentType === null && isComparable(field.place)
        }
      />
    </WhyPanel>
  )
}

/** Rules by which a value would be shown. */
const OPENING: readonly WhyRule[] = ['exception', 'rule', 'soft_cap', 'levels']

/** What keeps everybody, or this person, from asking comes before what happened last. */
function useWhy({
  field,
  list,
  lastRequest,
  lastGrant,
}: MaskedFieldWhyProps): WhyPanelProps['why'] {
  const translation = useTranslation()
  const { t } = translation
  const isAskable = field.mayAsk.allowed
  if (isAskable && lastRequest?.state === 'denied') {
    const comment = lastRequest.decision?.comment
    const name = lastRequest.decision?.by?.name ?? ''
    return {
      reason: comment ? t('why.denied_with', { name, comment }) : t('why.denied', { name }),
      next: t('why.denied_next'),
    }
  }
  if (isAskable && lastRequest?.state === 'expired') return { code: 'request_expired' }
  if (isAskable && lastRequest?.state === 'ended') return { code: 'request_ended' }
  if (isAskable && lastGrant !== null && lastGrant.state !== 'active') {
    return { code: `grant_${lastGrant.state}` }
  }
  // The button obeys the verdict; where it knows better than the rules, so do the words.
  if (!field.mayAsk.allowed && OPENING.includes(field.why.rule)) return field.mayAsk
  const ofClass = list.classes.find((each) => each.sensitivityClass === field.sensitivityClass)
  return whyWords(
    field.why,
    {
      sensitivityClass: field.sensitivityClass,
      access: field.access,
      code: field.mayAsk.allowed ? null : field.mayAsk.code,
      isNote: field.place?.in === 'note',
      roles: list.roles,
      waitingRoles: list.waitingRoles,
      askers: ofClass?.askers ?? [],
      levels: ofClass?.levels ?? [],
      onDutyAt: list.form.onDutyAt,
    },
    translation,
  )
}

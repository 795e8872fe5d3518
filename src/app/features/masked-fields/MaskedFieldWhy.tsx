/** The sentences behind "Why?" of a masked field: what happened last, or what keeps it masked. */
import type { GrantView } from '../../../contract/grants.ts'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { WhyPanel } from '../../shared/WhyPanel.tsx'

export function MaskedFieldWhy(props: {
  field: ProtectedFieldView
  lastRequest: RevealRequestView | null
  lastGrant: GrantView | null
}) {
  const { t } = useTranslation()
  const { field, lastRequest, lastGrant } = props
  if (!field.mayAsk.allowed) return <WhyPanel why={field.mayAsk} />
  if (lastRequest?.state === 'denied') {
    const comment = lastRequest.decision?.comment
    const name = lastRequest.decision?.by?.name ?? ''
    return (
      <WhyPanel
        why={{
          reason: comment ? t('why.denied_with', { name, comment }) : t('why.denied', { name }),
          next: t('why.denied_next'),
        }}
      />
    )
  }
  if (lastRequest?.state === 'expired') return <WhyPanel why={{ code: 'request_expired' }} />
  if (lastRequest?.state === 'ended') return <WhyPanel why={{ code: 'request_ended' }} />
  if (lastGrant !== null && lastGrant.state !== 'active') {
    return <WhyPanel why={{ code: `grant_${lastGrant.state}` }} />
  }
  if (field.protection === 'hidden') {
    return <WhyPanel why={{ reason: t('why.hidden_only'), next: t('why.hidden_only_next') }} />
  }
  return (
    <WhyPanel
      why={{
        reason:
          field.place?.in === 'note' ? t('why.note') : t(`why.class.${field.sensitivityClass}`),
        next: t('why.ask_next'),
      }}
    />
  )
}

/** The training behind a mask: why this kind of value is kept from sight, and what to do without it. */
import { useId, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { FieldKind } from '../../../core/protected-field.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKindName } from '../../shared/useKindName.ts'

/** A link that may take two lines; Garden's button would centre them. */
const Open = styled(Button)`
  text-align: start;
  line-height: 20px;
`

const Points = styled.dl`
  margin: ${({ theme }) => theme.space.xxs} 0 0;
  line-height: 20px;
  dt {
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  dd {
    margin: 0;
  }
  dd + dt {
    margin-top: ${({ theme }) => theme.space.xxs};
  }
`

/** Kinds that are taught together. */
const TAUGHT_AS = {
  payment_card: 'payment_card',
  card_expiry: 'payment_card',
  card_verification_code: 'card_verification_code',
  bank_account: 'bank_account',
  crypto_wallet: 'crypto_wallet',
  identity_document: 'identity_document',
  national_id: 'national_id',
  date_of_birth: 'date_of_birth',
  phone: 'phone',
  email: 'email',
  address: 'address',
  ip_address: 'network_address',
  mac_address: 'network_address',
  credential: 'credential',
  medical_id: 'medical_id',
  internal_note: 'internal_note',
  other: 'other',
} as const satisfies Record<FieldKind, string>

export function Lesson(props: {
  kind: FieldKind
  /** Whether what a customer says can be compared with it unseen. */
  isCheckable: boolean
}) {
  const { t } = useTranslation()
  const kindName = useKindName()
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const lesson = TAUGHT_AS[props.kind] ?? 'other'
  return (
    <>
      <Open
        isLink
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t('lessons.open', { kind: kindName(props.kind) })}
      </Open>
      {isOpen && (
        <Points id={id}>
          <dt>{t('lessons.why')}</dt>
          <dd>{t(`lessons.${lesson}.why`)}</dd>
          <dt>{t('lessons.instead')}</dt>
          <dd>{t(`lessons.${lesson}.instead`)}</dd>
          {props.isCheckable && (
            <>
              <dt>{t('lessons.unseen')}</dt>
              <dd>{t('lessons.unseen_text', { name: t('sidebar.check') })}</dd>
            </>
          )}
        </Points>
      )}
    </>
  )
}

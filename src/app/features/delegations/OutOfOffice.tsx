/** Out of office: who decides for me while I am away, and for whom I do. */
import { useId, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type {
  CreateDelegationInput,
  DelegationList,
  DelegationView,
} from '../../../contract/delegations.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { hairline, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { WhyPanel } from '../../shared/WhyPanel.tsx'
import { DelegationForm } from './DelegationForm.tsx'

const Panel = styled.section`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  margin-bottom: ${({ theme }) => theme.space.md};
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.raised' })};
  padding: ${({ theme }) => theme.space.sm};
  h2,
  h3 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
  h2 {
    font-size: ${({ theme }) => theme.fontSizes.lg};
  }
`

const Delegations = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    ${hairline}
    display: flex;
    flex-wrap: wrap;
    gap: ${({ theme }) => `${theme.space.xxs} ${theme.space.sm}`};
    align-items: center;
    padding: ${({ theme }) => theme.space.xs} 0;
    line-height: 20px;
  }
  li:last-child {
    border-bottom: 0;
  }
`

const What = styled.div`
  flex: 1 1 240px;
  min-width: 0;
  overflow-wrap: anywhere;
`

/** Whoever has the panel open looks at it; who decides for whom changes a few times a year. */
const LIST_SECONDS = 30

export function OutOfOffice() {
  const { t } = useTranslation()
  const { endpoint } = useEndpoint()
  const isActive = useIsActive()
  const titleId = useId()
  const [polled, refresh] = usePolled<DelegationList>('/delegations', {
    isActive,
    secondsUntilNext: () => LIST_SECONDS,
  })
  const [created, setCreated] = useState(0)
  const create = async (input: CreateDelegationInput) => {
    await endpoint.send('POST', '/delegations', input)
    await refresh()
    setCreated((count) => count + 1)
  }
  const end = async (id: string) => {
    await endpoint.send('POST', `/delegations/${id}/end`, {})
    await refresh()
  }
  const data = polled.status === 'success' ? polled.data : null
  return (
    <Panel aria-labelledby={titleId}>
      <div>
        <h2 id={titleId}>{t('away.title')}</h2>
        <SubtleText>{t('away.what')}</SubtleText>
      </div>
      {polled.status === 'processing' && <SkeletonRows count={1} />}
      {polled.status === 'error' &&
        (polled.trouble === null ? (
          <Refused error={polled.error} />
        ) : (
          <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
        ))}
      {data !== null && (
        <>
          {!data.mayDelegate.allowed ? (
            <WhyPanel why={data.mayDelegate} />
          ) : data.candidates.length === 0 ? (
            <SubtleText>{t('away.nobody')}</SubtleText>
          ) : (
            // A new one begins with an empty form.
            <DelegationForm key={created} list={data} onCreate={create} />
          )}
          <DelegationGroup title={t('away.given')} delegations={data.given} onEnd={end} />
          <DelegationGroup title={t('away.received')} delegations={data.received} onEnd={end} />
          {data.all !== null && (
            <DelegationGroup title={t('away.all')} delegations={data.all} onEnd={end} />
          )}
        </>
      )}
    </Panel>
  )
}

function DelegationGroup(props: {
  title: string
  delegations: readonly DelegationView[]
  onEnd: (id: string) => Promise<void>
}) {
  const titleId = useId()
  if (props.delegations.length === 0) return null
  return (
    <div>
      <h3 id={titleId}>{props.title}</h3>
      <Delegations aria-labelledby={titleId}>
        {props.delegations.map((delegation) => (
          <li key={delegation.id}>
            <Delegation delegation={delegation} onEnd={props.onEnd} />
          </li>
        ))}
      </Delegations>
    </div>
  )
}

function Delegation(props: { delegation: DelegationView; onEnd: (id: string) => Promise<void> }) {
  const { delegation } = props
  const { t, instant } = useTranslation()
  const [ending, end] = useAttempt(props.onEnd)
  const values = {
    from: delegation.from.name,
    to: delegation.to.name,
    start: instant(delegation.startsAt),
    end: instant(delegation.ended?.at ?? delegation.endsAt),
  }
  return (
    <>
      <What>
        {t(`away.is.${delegation.state}`, values)}
        {delegation.reasonText !== '' && (
          <SubtleText dir="auto">{delegation.reasonText}</SubtleText>
        )}
        {delegation.ended !== null && (
          <SubtleText>{t('away.ended_by', { name: delegation.ended.by.name })}</SubtleText>
        )}
      </What>
      {delegation.mayEnd && delegation.state !== 'ended' && (
        <Button
          size="small"
          disabled={ending.status === 'processing'}
          aria-label={t('away.end_of', values)}
          onClick={() => void end(delegation.id)}
        >
          {t('away.end')}
        </Button>
      )}
      {ending.status === 'error' && <ErrorSentence error={ending.error} />}
    </>
  )
}

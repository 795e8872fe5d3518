/** The grants that are alive now, and the way to end one. */
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Body, Cell, Head, HeaderCell, HeaderRow, Row, Table } from '@zendeskgarden/react-tables'
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { GrantList, GrantView } from '../../../contract/grants.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { secondsUntil, useTick } from '../../shared/useSeconds.ts'

const Scroll = styled.section`
  overflow-x: auto;
  table {
    min-width: 640px;
  }
  td {
    vertical-align: top;
  }
  /* Who and how long, what, why, and the way to end it, one under the other. */
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    table {
      min-width: 0;
    }
    table,
    tbody {
      display: block;
    }
    thead {
      position: absolute;
      clip-path: inset(50%);
    }
    tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      padding: ${({ theme }) => `${theme.space.xs} 0`};
      height: auto;
    }
    td {
      display: block;
      border: 0;
      padding: ${({ theme }) => `${theme.space.xxs} 0`};
      width: auto;
      height: auto;
    }
    td:nth-child(3),
    td:nth-child(5) {
      grid-column: 1 / -1;
    }
    td:nth-child(4) {
      grid-area: 1 / 2;
      text-align: end;
    }
  }
`

const Remaining = styled.span`
  font-variant-numeric: tabular-nums;
`

export function ActiveGrants() {
  const { t } = useTranslation()
  const isActive = useIsActive()
  const [polled, refresh] = usePolled<GrantList>('/grants', {
    isActive,
    secondsUntilNext: ({ grants }) => (grants.length > 0 ? 5 : 15),
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  const now = useTick()

  if (polled.status === 'processing') return <SkeletonRows count={3} />
  if (polled.status === 'error') {
    return polled.trouble === null ? (
      <Refused error={polled.error} />
    ) : (
      <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
    )
  }
  const { grants } = polled.data
  return (
    <>
      {polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      {grants.length === 0 ? (
        <StateMessage message={t('grants.none')} next={t('grants.none_next')} />
      ) : (
        <Scroll tabIndex={0} aria-label={t('grants.title')}>
          <Table size="small" isReadOnly>
            <Head>
              <HeaderRow>
                <HeaderCell width="18%">{t('grants.person')}</HeaderCell>
                <HeaderCell width="20%">{t('grants.fields')}</HeaderCell>
                <HeaderCell>{t('grants.reason')}</HeaderCell>
                <HeaderCell width={110}>{t('grants.left')}</HeaderCell>
                <HeaderCell width={200}>
                  <VisuallyHidden>{t('grants.revoke')}</VisuallyHidden>
                </HeaderCell>
              </HeaderRow>
            </Head>
            <Body>
              {grants.map((grant) => (
                <GrantRow
                  key={grant.id}
                  grant={grant}
                  seconds={secondsUntil(polled.receivedAt + grant.remainingSeconds * 1000, now)}
                  onRevoked={() => void refresh()}
                />
              ))}
            </Body>
          </Table>
        </Scroll>
      )}
    </>
  )
}

function GrantRow(props: { grant: GrantView; seconds: number; onRevoked: () => void }) {
  const { grant } = props
  const { endpoint } = useEndpoint()
  const translation = useTranslation()
  const { t, fieldLabel, duration, list } = translation
  const [isAsked, setIsAsked] = useState(false)
  const [revoking, revoke] = useAttempt(async () => {
    await endpoint.send('POST', `/grants/${grant.id}/revoke`, {})
    props.onRevoked()
  })
  return (
    <Row>
      <Cell>{grant.requester.name}</Cell>
      <Cell>
        {list(grant.fields.map(fieldLabel))}
        <SubtleText>#{grant.ticketId}</SubtleText>
      </Cell>
      <Cell>
        <span dir="auto">{grant.reasonText === '' ? grant.reasonLabel : grant.reasonText}</span>
        <SubtleText>
          {grant.isBreakGlass
            ? t('grants.break_glass')
            : grant.approvedBy.length === 0
              ? t('grants.by_policy')
              : t('grants.approved_by', {
                  names: list(grant.approvedBy.map((person) => person.name)),
                })}
        </SubtleText>
      </Cell>
      <Cell>
        <Remaining>{duration(props.seconds)}</Remaining>
        <SubtleText>
          {t('revealed.uses', {
            count: grant.fields.reduce((sum, field) => sum + field.usesLeft, 0),
          })}
        </SubtleText>
      </Cell>
      <Cell>
        {isAsked ? (
          <>
            <SubtleText>{t('grants.consequence')}</SubtleText>
            <FormButtons>
              <Button
                size="small"
                isDanger
                disabled={revoking.status === 'processing'}
                onClick={() => void revoke()}
              >
                {t('grants.revoke')}
              </Button>
              <Button isLink onClick={() => setIsAsked(false)}>
                {t('request.cancel')}
              </Button>
            </FormButtons>
            {revoking.status === 'error' && <ErrorSentence error={revoking.error} />}
          </>
        ) : (
          <Button size="small" onClick={() => setIsAsked(true)}>
            {t('grants.revoke')}
            <VisuallyHidden>{` ${grant.requester.name}`}</VisuallyHidden>
          </Button>
        )}
      </Cell>
    </Row>
  )
}

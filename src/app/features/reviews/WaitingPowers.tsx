/** Roles and groups that are new in Zendesk: what each would give, and a second person's word on it. */
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import type { PowerList, UnconfirmedPower } from '../../../contract/powers.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { ReviewActs, ReviewHead, ReviewNote, ReviewTime } from '../../shared/review-list.ts'
import { ReviewSection } from './ReviewSection.tsx'

export function WaitingPowers({ announce }: { announce: (text: string) => void }) {
  const { t } = useTranslation()
  return (
    <ReviewSection
      id="waiting-powers"
      path="/powers"
      title={t('reviews.powers')}
      hint={t('reviews.powers_hint')}
      none={{ message: t('reviews.no_powers'), next: t('reviews.no_powers_next') }}
      itemsOf={({ powers }: PowerList) => powers}
      renderItem={(power, elapsed, refresh) => (
        <WaitingPower
          key={`${power.person.id} ${power.power}`}
          power={power}
          elapsed={elapsed}
          onDecided={async (text) => {
            announce(text)
            await refresh()
          }}
        />
      )}
    />
  )
}

type Act = 'confirm' | 'decline'

function WaitingPower(props: {
  power: UnconfirmedPower
  elapsed: number
  onDecided: (text: string) => Promise<void>
}) {
  const { power } = props
  const { person, declined, mayDecide } = power
  const { endpoint } = useEndpoint()
  const { t, when } = useTranslation()
  const what = usePowerWords(power)
  const [asked, setAsked] = useState<Act | null>(null)
  const [deciding, decide, clear] = useAttempt(async (act: Act) => {
    await endpoint.send('POST', `/people/${person.id}/powers/${power.power}/${act}`, {})
    await props.onDecided(t(`reviews.said.${act}`, { name: person.name }))
  })
  const ask = (act: Act | null) => {
    setAsked(act)
    clear()
  }
  return (
    <li>
      <ReviewHead>
        <h3>{person.name}</h3>
        <ReviewTime>
          {t('reviews.since', { when: when(power.firstSeenAt, power.ageSeconds + props.elapsed) })}
        </ReviewTime>
      </ReviewHead>
      <p>{what.is}</p>
      {what.gives.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {declined !== null && (
        <ReviewNote>
          {t('reviews.declined_by', {
            name: declined.by.name,
            when: when(declined.at, declined.ageSeconds + props.elapsed),
          })}
        </ReviewNote>
      )}
      <ReviewActs>
        {!mayDecide.allowed ? (
          <ReviewNote>{t('reviews.second_person')}</ReviewNote>
        ) : asked === null ? (
          <FormButtons>
            <Button size="small" onClick={() => ask('confirm')}>
              {t('reviews.confirm')}
              <VisuallyHidden>{` ${person.name}`}</VisuallyHidden>
            </Button>
            {power.state === 'waiting' && (
              <Button size="small" isBasic isDanger onClick={() => ask('decline')}>
                {t('reviews.decline')}
                <VisuallyHidden>{` ${person.name}`}</VisuallyHidden>
              </Button>
            )}
          </FormButtons>
        ) : (
          <>
            <p>{t(`reviews.${asked}_consequence`, { name: person.name })}</p>
            <FormButtons>
              <Button
                size="small"
                isPrimary
                isDanger={asked === 'decline'}
                // It opened by the person's own act, and the keyboard continues there.
                // eslint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                disabled={deciding.status === 'processing'}
                onClick={() => void decide(asked)}
              >
                {t(`reviews.${asked}`)}
                <VisuallyHidden>{` ${person.name}`}</VisuallyHidden>
              </Button>
              <Button size="small" isBasic onClick={() => ask(null)}>
                {t('request.cancel')}
              </Button>
            </FormButtons>
            {deciding.status === 'error' && <ErrorSentence error={deciding.error} />}
          </>
        )}
      </ReviewActs>
    </li>
  )
}

/** What somebody newly holds, and what would come with it, in sentences. */
function usePowerWords(power: UnconfirmedPower): { is: string; gives: string[] } {
  const { t, list } = useTranslation()
  const [kind, id = ''] = power.power.split(/_(?=\d+$)/)
  const classes = (names: UnconfirmedPower['asks']) =>
    list(names.map((name) => t(`sidebar.class.${name}`)))
  const is =
    kind === 'group'
      ? t('reviews.is.group', { group: power.groupName ?? `#${id}` })
      : kind === 'custom_role'
        ? t('reviews.is.custom_role', { role: `#${id}` })
        : t(`reviews.is.${kind === 'admin' ? 'admin' : 'agent'}`)
  return {
    is,
    gives: [
      ...power.roles
        .filter((role) => role === 'compliance' || role === 'administrator')
        .map((role) => t(`reviews.gives.${role}`)),
      ...(power.asks.length > 0 ? [t('reviews.gives.asks', { classes: classes(power.asks) })] : []),
      ...(power.decides.length > 0
        ? [t('reviews.gives.decides', { classes: classes(power.decides) })]
        : []),
    ],
  }
}

/** One decision on several requests about one ticket. Each is decided, and logged, by itself. */
import { useId, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Checkbox, Field, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type {
  DecideRevealRequestsInput,
  QueuedRevealRequest,
} from '../../../contract/reveal-requests.ts'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { CommentField, isAboutComment } from './CommentField.tsx'
import { approvableMinutes } from './facts.ts'
import { countPauses } from './queue-filter.ts'

const Heading = styled.h2`
  margin: 0;
  font-size: ${({ theme }) => theme.fontSizes.lg};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: ${({ theme }) => theme.lineHeights.lg};
`

const Which = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
  min-width: 0;
  legend {
    padding: 0;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`

const Minutes = styled.div`
  width: 144px;
`

type Outcome = DecideRevealRequestsInput['outcome']

export function TicketRequests(props: {
  ticketId: number
  entries: readonly QueuedRevealRequest[]
  onDecide: (input: DecideRevealRequestsInput) => Promise<void>
  onClose: () => void
}) {
  const { entries } = props
  const translation = useTranslation()
  const { t, list, fieldLabel, duration, number } = translation
  const titleId = useId()
  const [ids, setIds] = useState(() => entries.map(({ request }) => request.id))
  const [comment, setComment] = useState('')
  const [tried, setTried] = useState<Outcome | null>(null)
  const chosen = entries.filter(({ request }) => ids.includes(request.id))
  const longest = Math.max(
    1,
    ...chosen.map(({ request, context }) => Math.min(request.minutes, context.maxMinutes)),
  )
  const [minutes, setMinutes] = useState<number | null>(null)
  const [deciding, decide, clearDeciding] = useAttempt((outcome: Outcome) =>
    props.onDecide({
      ids: chosen.map(({ request }) => request.id),
      outcome,
      ...(outcome === 'deny' || minutes === null ? {} : { minutes }),
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    }),
  )
  const refusal = deciding.status === 'error' ? deciding.error : null
  const isNeeded = (outcome: Outcome) =>
    outcome === 'deny' || chosen.some((entry) => entry.needsComment)
  const isMissing = (outcome: Outcome) => isNeeded(outcome) && comment.trim() === ''
  const submit = (outcome: Outcome) => {
    setTried(outcome)
    if (!isMissing(outcome) && deciding.status !== 'processing') void decide(outcome)
  }
  const ticket = `#${props.ticketId}`
  const count = number(chosen.length)
  const isStopped = deciding.status === 'processing' || chosen.length === 0

  return (
    <FormPanel
      onSubmit={(event) => {
        event.preventDefault()
        submit('approve')
      }}
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
      aria-labelledby={titleId}
      noValidate
    >
      <Heading id={titleId}>{t('decide.bulk.title', { ticket })}</Heading>
      <Which>
        <legend>{t('decide.bulk.which')}</legend>
        {entries.map((entry, index) => {
          const { request } = entry
          const pauses = countPauses(entry, translation)
          return (
            <Field key={request.id}>
              <Checkbox
                isCompact
                checked={ids.includes(request.id)}
                // The form opens by the person's own act, and the keyboard continues there.
                // eslint-disable-next-line jsx-a11y/no-autofocus
                autoFocus={index === 0}
                onChange={(event) =>
                  setIds((before) =>
                    event.target.checked
                      ? [...before, request.id]
                      : before.filter((id) => id !== request.id),
                  )
                }
              >
                <Field.Label isRegular>
                  {[
                    t('decide.wants', {
                      name: request.requester.name,
                      fields: list(request.fields.map(fieldLabel)),
                    }),
                    duration(request.minutes * 60),
                    ...(pauses === 0 ? [] : [t('decide.pauses', { count: pauses })]),
                  ].join(' · ')}
                </Field.Label>
              </Checkbox>
            </Field>
          )
        })}
      </Which>
      <CommentField
        label={t('decide.bulk.comment')}
        value={comment}
        onChange={(next) => {
          setComment(next)
          if (deciding.status === 'error') clearDeciding()
        }}
        missing={
          tried === null || !isMissing(tried)
            ? null
            : t(tried === 'deny' ? 'decide.deny_missing' : 'decide.comment_missing')
        }
        refusal={refusal}
        isRequired={false}
        onSubmit={() => submit('approve')}
      />
      {refusal !== null && !isAboutComment(refusal) && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button size="small" isPrimary type="submit" disabled={isStopped}>
          {t('decide.bulk.approve', { count, ticket })}
        </Button>
        <Minutes>
          <Field>
            <Field.Label hidden>{t('decide.minutes')}</Field.Label>
            <Select
              isCompact
              value={minutes ?? ''}
              onChange={(event) =>
                setMinutes(event.target.value === '' ? null : Number(event.target.value))
              }
            >
              <option value="">{t('decide.bulk.as_asked')}</option>
              {approvableMinutes(longest, longest).map((option) => (
                <option key={option} value={option}>
                  {duration(option * 60)}
                </option>
              ))}
            </Select>
          </Field>
        </Minutes>
        <Button size="small" disabled={isStopped} onClick={() => submit('deny')}>
          {t('decide.bulk.deny', { count, ticket })}
        </Button>
        <Button size="small" isBasic onClick={props.onClose}>
          {t('request.cancel')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}

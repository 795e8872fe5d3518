/**
 * Asks the customer: makes a one-time link and puts it into the reply or the clipboard. The link is
 * shown to who made it, until the form is closed; nobody can look it up again.
 */
import { useEffect, useRef, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Input, Select } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type {
  CreatedIntakeLink,
  IntakeLinkList,
  RevokedIntakeLink,
} from '../../../contract/intake-links.ts'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'

const HOUR = 60
/** What the form offers, as far as policy allows it; policy's own time is among them. */
const MINUTES = [HOUR, 4 * HOUR, 24 * HOUR, 3 * 24 * HOUR, 7 * 24 * HOUR]

const OpenLinks = styled.ul`
  ${subtleText}
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: ${({ theme }) => `0 ${theme.space.xs}`};
  }
`

export type AskCustomerFormProps = {
  ticketId: number
  /** The fields whose values this person may take down, and so ask for. */
  fields: readonly ProtectedFieldView[]
  announce: (text: string) => void
  onClose: () => void
}

export function AskCustomerForm(props: AskCustomerFormProps) {
  const { ticketId, fields, announce, onClose } = props
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const path = `/tickets/${ticketId}/intake-links`
  const [fieldId, setFieldId] = useState(
    () => (fields.find((field) => !field.hasValue) ?? fields[0])?.fieldId ?? '',
  )
  const [minutes, setMinutes] = useState<number | null>(null)
  const [looking, look] = useAttempt(async () => {
    const answer = await endpoint.get<IntakeLinkList>(path)
    if (answer.isUnchanged) throw new TypeError('asked without a tag')
    return answer.body
  })
  const [creating, create, clear] = useAttempt(async () => {
    const made = await endpoint.send<CreatedIntakeLink>('POST', path, {
      fieldId,
      ...(minutes === null ? {} : { minutes }),
    })
    announce(t('ask_customer.created'))
    void look()
    return made
  })
  const [revoking, revoke] = useAttempt(async (linkId: string) => {
    await endpoint.send<RevokedIntakeLink>('POST', `${path}/${linkId}/revoke`, {})
    announce(t('ask_customer.revoked'))
    if (creating.status === 'success' && creating.data.linkId === linkId) clear()
    await look()
  })
  useEffect(() => {
    void look()
  }, [look])
  const known = looking.status === 'success' ? looking.data : null
  const made = creating.status === 'success' ? creating.data : null

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (creating.status !== 'processing' && made === null) void create()
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    }
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onFormKey}
      aria-label={t('ask_customer.title')}
      noValidate
    >
      {made === null ? (
        <>
          <Field>
            <Field.Label>{t('take_in.field')}</Field.Label>
            <Select
              isCompact
              value={fieldId}
              // The form opens by the person's own act, and the keyboard continues there.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              onChange={(event) => setFieldId(event.target.value)}
            >
              {fields.map((field) => (
                <option key={field.fieldId} value={field.fieldId}>
                  {field.label}
                </option>
              ))}
            </Select>
          </Field>
          <DurationField known={known} minutes={minutes} onMinutes={setMinutes} />
          <SubtleText>{t('ask_customer.consequence')}</SubtleText>
          {creating.status === 'error' && <ErrorSentence error={creating.error} />}
          <FormButtons>
            <Button
              size="small"
              isPrimary
              type="submit"
              disabled={creating.status === 'processing'}
            >
              {creating.status === 'processing'
                ? t('ask_customer.creating')
                : t('ask_customer.create')}
            </Button>
            <Button size="small" isBasic onClick={onClose}>
              {t('request.cancel')}
            </Button>
          </FormButtons>
        </>
      ) : (
        <MadeLink made={made} announce={announce} onClose={onClose} />
      )}
      {known !== null && known.links.length > 0 && (
        <OpenLinks aria-label={t('ask_customer.open_links')}>
          {known.links.map((link) => (
            <OpenLink
              key={link.linkId}
              link={link}
              isBusy={revoking.status === 'processing'}
              onRevoke={() => void revoke(link.linkId)}
            />
          ))}
        </OpenLinks>
      )}
      {revoking.status === 'error' && <ErrorSentence error={revoking.error} />}
      {looking.status === 'error' && <ErrorSentence error={looking.error} />}
    </FormPanel>
  )
}

function DurationField(props: {
  known: IntakeLinkList | null
  minutes: number | null
  onMinutes: (minutes: number) => void
}) {
  const { known, minutes, onMinutes } = props
  const { t, duration } = useTranslation()
  const own = known?.defaultMinutes ?? 24 * HOUR
  const offered = [...new Set([...MINUTES, own])]
    .filter((each) => known === null || each <= known.maxMinutes)
    .toSorted((a, b) => a - b)
  return (
    <Field>
      <Field.Label>{t('ask_customer.lasts')}</Field.Label>
      <Select
        isCompact
        value={minutes ?? own}
        disabled={known === null}
        onChange={(event) => onMinutes(Number(event.target.value))}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {duration(each * 60)}
          </option>
        ))}
      </Select>
    </Field>
  )
}

function MadeLink(props: {
  made: CreatedIntakeLink
  announce: (text: string) => void
  onClose: () => void
}) {
  const { made, announce, onClose } = props
  const { t } = useTranslation()
  const appendText = useClientInvoke('comment.appendText')
  const input = useRef<HTMLInputElement>(null)
  const insert = useRef<HTMLButtonElement>(null)
  // The app's own address is the endpoint's: it served this page.
  const address = new URL(made.path, window.location.origin).href
  const [inserting, insertLink] = useAttempt(async () => {
    await appendText(address)
    announce(t('ask_customer.inserted'))
  })
  const [copying, copy] = useAttempt(async () => {
    input.current?.select()
    await navigator.clipboard.writeText(address)
    announce(t('ask_customer.copied'))
  })
  useEffect(() => insert.current?.focus(), [])
  return (
    <>
      <Field>
        <Field.Label>{t('ask_customer.link')}</Field.Label>
        <Input
          ref={input}
          isCompact
          readOnly
          dir="ltr"
          value={address}
          onFocus={(event) => event.target.select()}
        />
        {copying.status === 'error' && <Field.Message>{t('ask_customer.copy_it')}</Field.Message>}
      </Field>
      <SubtleText>{t('ask_customer.once')}</SubtleText>
      {inserting.status === 'error' && (
        <SubtleText role="alert">{t('ask_customer.not_inserted')}</SubtleText>
      )}
      <FormButtons>
        <Button
          ref={insert}
          size="small"
          isPrimary
          disabled={inserting.status === 'processing' || inserting.status === 'success'}
          onClick={() => void insertLink()}
        >
          {inserting.status === 'success' ? t('ask_customer.inserted') : t('ask_customer.insert')}
        </Button>
        <Button size="small" onClick={() => void copy()}>
          {copying.status === 'success' ? t('ask_customer.copied') : t('ask_customer.copy')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('states.close')}
        </Button>
      </FormButtons>
    </>
  )
}

/** A day that began a second ago is a day, not 23 hours. */
function nearest(seconds: number): number {
  const unit = seconds < 3600 ? 60 : 3600
  return Math.max(60, Math.round(seconds / unit) * unit)
}

function OpenLink(props: {
  link: IntakeLinkList['links'][number]
  isBusy: boolean
  onRevoke: () => void
}) {
  const { link, isBusy, onRevoke } = props
  const { t, duration } = useTranslation()
  const { label } = link.field
  return (
    <li>
      <span>
        {t('ask_customer.open_link', {
          field: label,
          name: link.createdBy.name,
          time: duration(nearest(link.expiresInSeconds)),
        })}
      </span>
      <Button
        isLink
        disabled={isBusy}
        aria-label={t('ask_customer.revoke_of', { field: label })}
        onClick={onRevoke}
      >
        {t('ask_customer.revoke')}
      </Button>
    </li>
  )
}

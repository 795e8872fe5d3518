/** Beside a ticket: its protected fields, asking for one, seeing it, taking one down. */
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import Alert from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import CheckBadge from '@zendeskgarden/svg-icons/src/16/check-badge-stroke.svg?react'
import Info from '@zendeskgarden/svg-icons/src/16/info-stroke.svg?react'
import Link from '@zendeskgarden/svg-icons/src/16/link-stroke.svg?react'
import Inbox from '@zendeskgarden/svg-icons/src/16/inbox-stroke.svg?react'
import Notes from '@zendeskgarden/svg-icons/src/16/notes-stroke.svg?react'
import { styled } from 'styled-components'
import type { BrokenGlass } from '../../contract/break-glass.ts'
import type { ProtectedFieldList, ProtectedFieldView } from '../../contract/protected-fields.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import { isComparable } from '../../core/place.ts'
import { useClientContext, useTicketId } from '../../zaf/ClientProvider.tsx'
import { useClientEvent } from '../../zaf/useClientEvent.ts'
import { useClientHeight } from '../../zaf/useClientHeight.ts'
import type { BreakGlassFormProps } from '../features/break-glass/BreakGlassForm.tsx'
import { extensionOf, isLively, standingOf } from '../features/masked-fields/field-standing.ts'
import { MaskedField } from '../features/masked-fields/MaskedField.tsx'
import { useClassLabel } from '../features/masked-fields/useClassLabel.ts'
import { LazyMaskedFieldWhy } from '../features/masked-fields/useWhy.tsx'
import { WaitingField } from '../features/masked-fields/WaitingField.tsx'
import { MergedTickets } from '../features/merged-tickets/MergedTickets.tsx'
import type { NoteDraft } from '../features/restricted-note/note-draft.ts'
import { GuardedSave } from '../features/save-guard/GuardedSave.tsx'
import { lazyFeature } from '../shared/lazy-feature.ts'
import { LiveRegion, useAnnouncer } from '../shared/LiveRegion.tsx'
import { namesInShort } from '../shared/people.ts'
import { SkeletonRows } from '../shared/SkeletonRows.tsx'
import { hairline, SubtleText } from '../shared/surface.ts'
import { useTranslation } from '../shared/TranslationProvider.tsx'
// Bundled: what says that the endpoint is out of reach cannot be fetched from it then.
import { TroubleNotice } from '../shared/TroubleNotice.tsx'
import { useIsActive, useSessionKeptAlive } from '../shared/useIsActive.ts'
import { usePolled } from '../shared/usePolled.ts'
import type { Polled } from '../shared/usePolled.ts'
import { useLeaveWarning } from '../shared/useLeaveWarning.ts'

const LazyBreakGlassForm = lazyFeature(async () => {
  const { BreakGlassForm } = await import('../features/break-glass/BreakGlassForm.tsx')
  return BreakGlassForm
})
const LazyOwnEmergency = lazyFeature(async () => {
  const { OwnEmergency } = await import('../features/break-glass/OwnEmergency.tsx')
  return OwnEmergency
})
const LazyRequestForm = lazyFeature(async () => {
  const { RevealRequestForm } = await import('../features/request-reveal/RevealRequestForm.tsx')
  return RevealRequestForm
})
const LazyRevealedField = lazyFeature(async () => {
  const { RevealedField } = await import('../features/revealed-value/RevealedField.tsx')
  return RevealedField
})
const LazyCheckForm = lazyFeature(async () => {
  const { CheckForm } = await import('../features/check-value/CheckForm.tsx')
  return CheckForm
})
const LazyAskCustomerForm = lazyFeature(async () => {
  const { AskCustomerForm } = await import('../features/ask-customer/AskCustomerForm.tsx')
  return AskCustomerForm
})
const LazyTakeInForm = lazyFeature(async () => {
  const { TakeInForm } = await import('../features/take-in/TakeInForm.tsx')
  return TakeInForm
})
const LazyRestrictedNoteForm = lazyFeature(async () => {
  const { RestrictedNoteForm } = await import('../features/restricted-note/RestrictedNoteForm.tsx')
  return RestrictedNoteForm
})
const LazyRefused = lazyFeature(async () => {
  const { Refused } = await import('../shared/Refused.tsx')
  return Refused
})

/** While something waits or is open, and otherwise. Zendesk's notification hurries both. */
const LIVELY_SECONDS = 5
const CALM_SECONDS = 15
/** What is not needed for the first paint is fetched once that is done. */
const PRELOAD_MS = 1_500

const Main = styled.main`
  /* Holds its children's margins: the frame is as high as this box. */
  display: flow-root;
  padding: 0 ${({ theme }) => theme.space.sm};
`

const Header = styled.header`
  ${hairline}
  display: flex;
  align-items: center;
  justify-content: space-between;
  h1 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 32px;
  }
  /* The icon, not the room around it, ends where the rows end. */
  button {
    margin-inline-end: -${({ theme }) => theme.space.xs};
  }
`

const Rows = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`

const About = styled(SubtleText)`
  padding: ${({ theme }) => theme.space.xs} 0;
`

const Quiet = styled.p`
  margin: 0;
  padding: ${({ theme }) => theme.space.md} 0;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`

const CannotWait = styled.p`
  margin: 0 0 ${({ theme }) => theme.space.xs};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 20px;
`

const Footer = styled.footer`
  display: flex;
  flex-wrap: wrap;
  padding: ${({ theme }) => theme.space.xs} 0;
  /* A basic button's words start where the rows start. */
  margin-inline-start: -${({ theme }) => theme.space.sm};
`

/** What opens under the footer, one at a time. */
type Panel = 'check' | 'take_in' | 'ask_customer' | 'note' | 'break_glass'

export function TicketSidebar() {
  const { t, find } = useTranslation()
  const main = useRef<HTMLElement>(null)
  const [isAboutOpen, setIsAboutOpen] = useState(false)
  const [said, announce] = useAnnouncer()
  // Kept here, so that neither closing the form nor an outage takes what somebody wrote.
  const [drafts, setDrafts] = useState<Readonly<Record<number, NoteDraft | null>>>({})
  useLeaveWarning(Object.values(drafts).some((draft) => draft !== null && draft.text !== ''))
  const isRegistered = useClientContext() !== null
  const ticketId = useTicketId()
  const isActive = useIsActive()
  useSessionKeptAlive(isActive)
  useClientHeight(main)
  const [polled, refresh] = usePolled<ProtectedFieldList>(
    ticketId === null ? null : `/tickets/${ticketId}/protected-fields`,
    { isActive, secondsUntilNext: (list) => (isLively(list) ? LIVELY_SECONDS : CALM_SECONDS) },
  )
  useClientEvent('api_notification.scrim_changed', () => void refresh())

  return (
    <Main ref={main}>
      {ticketId !== null && (
        <GuardedSave
          key={ticketId}
          ticketId={ticketId}
          fields={polled.status === 'success' ? polled.data.fields : null}
          announce={announce}
          onTakenIn={() => void refresh()}
        />
      )}
      <Header>
        <h1>{t('sidebar.title')}</h1>
        <IconButton
          size="small"
          aria-label={t('sidebar.about')}
          aria-expanded={isAboutOpen}
          onClick={() => setIsAboutOpen(!isAboutOpen)}
        >
          <Info />
        </IconButton>
      </Header>
      {isAboutOpen && (
        <About>
          {t('sidebar.about_text')} {find('save_guard.limits')}
        </About>
      )}
      {isRegistered && ticketId === null ? (
        <Quiet>{t('states.no_ticket')}</Quiet>
      ) : (
        <Suspense fallback={<SkeletonRows count={3} />}>
          <Content
            key={ticketId}
            polled={polled}
            refresh={refresh}
            announce={announce}
            draft={(ticketId === null ? null : drafts[ticketId]) ?? null}
            onDraft={(draft) =>
              ticketId !== null && setDrafts((others) => ({ ...others, [ticketId]: draft }))
            }
          />
        </Suspense>
      )}
      <LiveRegion text={said} />
    </Main>
  )
}

function Content(props: {
  polled: Polled<ProtectedFieldList>
  refresh: () => Promise<void>
  announce: (text: string) => void
  draft: NoteDraft | null
  onDraft: (draft: NoteDraft | null) => void
}) {
  const { polled, refresh } = props
  switch (polled.status) {
    case 'processing':
      return <SkeletonRows count={3} />
    case 'error':
      return polled.trouble === null ? (
        <LazyRefused error={polled.error} />
      ) : (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )
    case 'success':
      return <Fields {...props} polled={polled} />
  }
}

type Arrived = Extract<Polled<ProtectedFieldList>, { status: 'success' }>

function Fields(props: {
  polled: Arrived
  refresh: () => Promise<void>
  announce: (text: string) => void
  draft: NoteDraft | null
  onDraft: (draft: NoteDraft | null) => void
}) {
  const { polled, refresh, announce, draft, onDraft } = props
  const { data: list, receivedAt, trouble } = polled
  const translation = useTranslation()
  const { t, list: join, fieldLabel } = translation
  const [askedFieldId, setAskedFieldId] = useState<string | null>(null)
  /** The field that an emergency is being made of, in its row. */
  const [emergencyFieldId, setEmergencyFieldId] = useState<string | null>(null)
  const [panel, setPanel] = useState<Panel | null>(null)
  const [held, setHeld] = useState<Readonly<Record<string, string>>>({})
  const rows = useRef(new Map<string, HTMLElement>())
  usePreloadedFeatures()
  useAnnouncedGrants(list, announce)

  const hold = useCallback((fieldId: string, grantId: string, isHeld: boolean) => {
    setHeld((last) => {
      if (isHeld) return last[fieldId] === grantId ? last : { ...last, [fieldId]: grantId }
      if (last[fieldId] !== grantId) return last
      const { [fieldId]: _, ...rest } = last
      return rest
    })
  }, [])

  const shown = list.fields.filter((field) => field.hasValue || field.erasedAt !== undefined)
  const takeable = list.fields.filter((field) => field.mayTakeIn.allowed)
  // Nobody says a document or a note aloud.
  const checkable = shown.filter(
    (field) => field.mayAsk.allowed && field.contentType === null && isComparable(field.place),
  )
  const isNoteBegun = draft !== null && draft.text !== ''
  const mayWriteNote = list.noteClasses.length > 0 || isNoteBegun
  const panels = [
    ...(checkable.length > 0 ? [{ name: 'check' as const, Icon: CheckBadge }] : []),
    ...(takeable.length > 0
      ? [
          { name: 'take_in' as const, Icon: Inbox },
          { name: 'ask_customer' as const, Icon: Link },
        ]
      : []),
    ...(mayWriteNote ? [{ name: 'note' as const, Icon: Notes }] : []),
    ...(list.breakGlass !== null && shown.some((field) => field.hasValue)
      ? [{ name: 'break_glass' as const, Icon: Alert }]
      : []),
  ]
  const focusRow = (fieldId: string) => rows.current.get(fieldId)?.focus()
  const keepRow = (fieldId: string) => (row: HTMLElement | null) => {
    if (row === null) rows.current.delete(fieldId)
    else rows.current.set(fieldId, row)
  }
  const closePanel = () => {
    setPanel(null)
    if (panel === 'note' && isNoteBegun) announce(t('restricted_note.kept'))
    if (panel !== null) document.getElementById(`open-${panel}`)?.focus()
  }
  const closeForm = (fieldId: string) => {
    setAskedFieldId(null)
    setEmergencyFieldId(null)
    document.getElementById(`ask-${fieldId}`)?.focus()
  }

  const onBroken = async ({ grant }: BrokenGlass) => {
    announce(t('sidebar.emergency', { fields: join(grant.fields.map(fieldLabel)) }))
    await refresh()
    setAskedFieldId(null)
    setEmergencyFieldId(null)
    setPanel(null)
    const [first] = grant.fields
    requestAnimationFrame(() => first !== undefined && focusRow(first.fieldId))
  }
  const cannotWait = (fieldId: string) =>
    list.breakGlass !== null && (
      <CannotWait>
        <Button isLink onClick={() => setEmergencyFieldId(fieldId)}>
          {t('sidebar.cannot_wait')}
        </Button>
      </CannotWait>
    )

  const sent = async ({ askedOf }: RevealRequestView) => {
    // What policy approves by itself is said as a grant.
    if (askedOf.length > 0) {
      announce(t('sidebar.asked', { names: namesInShort(askedOf, translation) }))
    }
    await refresh()
  }

  const renderField = (field: ProtectedFieldView) => {
    const { fieldId } = field
    const standing = standingOf(list, fieldId, held[fieldId])
    const masked = (
      <MaskedField
        key={fieldId}
        ref={keepRow(fieldId)}
        field={field}
        list={list}
        lastRequest={standing.name === 'masked' ? standing.lastRequest : null}
        lastGrant={standing.name === 'masked' ? standing.lastGrant : null}
        isAsking={askedFieldId === fieldId}
        onAsk={() => setAskedFieldId(askedFieldId === fieldId ? null : fieldId)}
        under={
          askedFieldId === fieldId &&
          (emergencyFieldId === fieldId ? (
            <Emergency
              list={list}
              fieldId={fieldId}
              request={null}
              onBroken={onBroken}
              onClose={() => closeForm(fieldId)}
            />
          ) : (
            <Suspense fallback={null}>
              <LazyRequestForm
                list={list}
                fieldId={fieldId}
                onClose={() => closeForm(fieldId)}
                onSent={async (request) => {
                  await sent(request)
                  setAskedFieldId(null)
                  requestAnimationFrame(() => focusRow(fieldId))
                }}
              />
              {cannotWait(fieldId)}
            </Suspense>
          ))
        }
      />
    )
    switch (standing.name) {
      case 'granted':
        return (
          <Suspense key={fieldId} fallback={masked}>
            <Granted
              field={field}
              grant={standing.grant}
              receivedAt={receivedAt}
              onHold={hold}
              onDone={() => void refresh().then(() => focusRow(fieldId))}
              announce={announce}
              rowRef={keepRow(fieldId)}
              extension={extensionOf(list, standing.grant.id)}
              onWithdrawn={() => void refresh().then(() => focusRow(fieldId))}
              renderMoreTimeForm={(onClose) => (
                <Suspense fallback={null}>
                  <LazyRequestForm
                    list={list}
                    fieldId={fieldId}
                    extended={standing.grant}
                    onClose={onClose}
                    onSent={sent}
                  />
                </Suspense>
              )}
            />
          </Suspense>
        )
      case 'waiting':
        return (
          <WaitingField
            key={fieldId}
            ref={keepRow(fieldId)}
            field={field}
            list={list}
            request={standing.request}
            receivedAt={receivedAt}
            onWithdrawn={() => void refresh().then(() => focusRow(fieldId))}
            under={
              emergencyFieldId === fieldId ? (
                <Emergency
                  list={list}
                  fieldId={fieldId}
                  request={standing.request}
                  onBroken={onBroken}
                  onClose={() => {
                    setEmergencyFieldId(null)
                    focusRow(fieldId)
                  }}
                />
              ) : (
                cannotWait(fieldId)
              )
            }
          />
        )
      case 'masked':
        return masked
    }
  }

  return (
    <>
      {list.grants.some((grant) => grant.isBreakGlass && grant.state === 'active') && (
        <Suspense fallback={null}>
          <LazyOwnEmergency grants={list.grants} receivedAt={receivedAt} />
        </Suspense>
      )}
      {shown.length === 0 ? (
        <Quiet>{t('states.nothing_protected')}</Quiet>
      ) : (
        <Rows>{shown.map(renderField)}</Rows>
      )}
      {list.mergedTickets.length > 0 && <MergedTickets tickets={list.mergedTickets} />}
      {list.areRevealsPaused && <About as="output">{t('states.paused')}</About>}
      {list.isCircuitOpen && <About as="output">{t('states.circuit_open')}</About>}
      {trouble !== null && <TroubleNotice trouble={trouble} onTryNow={() => void refresh()} />}
      {panels.length > 0 && (
        <Footer>
          {panels.map(({ name, Icon }) => (
            <Button
              key={name}
              id={`open-${name}`}
              size="small"
              isBasic
              aria-expanded={panel === name}
              onClick={() => setPanel(panel === name ? null : name)}
            >
              <Button.StartIcon>
                <Icon />
              </Button.StartIcon>
              {t(
                name === 'note' && isNoteBegun && panel !== 'note'
                  ? 'sidebar.note_draft'
                  : `sidebar.${name}`,
              )}
            </Button>
          ))}
        </Footer>
      )}
      <Suspense fallback={null}>
        {panel === 'check' && checkable.length > 0 && (
          <LazyCheckForm ticketId={list.ticketId} fields={checkable} onClose={closePanel} />
        )}
        {panel === 'ask_customer' && takeable.length > 0 && (
          <LazyAskCustomerForm
            ticketId={list.ticketId}
            fields={takeable}
            announce={announce}
            onClose={closePanel}
          />
        )}
        {panel === 'break_glass' && (
          <Emergency
            list={list}
            fieldId={null}
            request={null}
            onBroken={onBroken}
            onClose={closePanel}
          />
        )}
        {panel === 'note' && mayWriteNote && (
          <LazyRestrictedNoteForm
            ticketId={list.ticketId}
            classes={list.noteClasses}
            draft={draft}
            onDraft={onDraft}
            onClose={closePanel}
            onWritten={async ({ fieldId }) => {
              announce(t('restricted_note.written'))
              await refresh()
              onDraft(null)
              setPanel(null)
              requestAnimationFrame(() => focusRow(fieldId))
            }}
          />
        )}
        {panel === 'take_in' && takeable.length > 0 && (
          <LazyTakeInForm
            ticketId={list.ticketId}
            fields={takeable}
            onClose={closePanel}
            onTakenIn={(taken) => {
              closePanel()
              announce(t('sidebar.taken_in', { masked: taken.masked }))
              void refresh()
            }}
          />
        )}
      </Suspense>
    </>
  )
}

/** Seeing a value without approval, for whom policy names. */
function Emergency({ list, ...props }: Omit<BreakGlassFormProps, 'standing'>) {
  return (
    list.breakGlass !== null && (
      <Suspense fallback={null}>
        <LazyBreakGlassForm list={list} standing={list.breakGlass} {...props} />
      </Suspense>
    )
  )
}

function Granted(props: {
  field: ProtectedFieldView
  grant: ProtectedFieldList['grants'][number]
  receivedAt: number
  onHold: (fieldId: string, grantId: string, isHeld: boolean) => void
  onDone: () => void
  announce: (text: string) => void
  rowRef: (row: HTMLElement | null) => void
  extension: RevealRequestView | null
  onWithdrawn: () => void
  renderMoreTimeForm: (onClose: () => void) => ReactNode
}) {
  const { field, grant, onHold, rowRef } = props
  const { fieldId } = field
  const { id: grantId } = grant
  const sensitivityClass = useClassLabel(field)
  const holdThis = useCallback(
    (isHeld: boolean) => onHold(fieldId, grantId, isHeld),
    [onHold, fieldId, grantId],
  )
  return (
    <LazyRevealedField
      // Another grant starts with nothing on screen and no attempt of the last one.
      key={grantId}
      ref={rowRef}
      field={field}
      grant={grant}
      receivedAt={props.receivedAt}
      sensitivityClass={sensitivityClass}
      onHold={holdThis}
      onDone={props.onDone}
      announce={props.announce}
      extension={props.extension}
      onWithdrawn={props.onWithdrawn}
      renderMoreTimeForm={props.renderMoreTimeForm}
    />
  )
}

/** Fetches what people open next, after the first paint, so that it opens at once. */
function usePreloadedFeatures(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const features = [
        LazyRequestForm,
        LazyRevealedField,
        LazyMaskedFieldWhy,
        LazyTakeInForm,
        LazyCheckForm,
        LazyAskCustomerForm,
        LazyRestrictedNoteForm,
      ]
      for (const feature of features) feature.preload().catch(() => undefined)
    }, PRELOAD_MS)
    return () => clearTimeout(timer)
  }, [])
}

/** Says that an approval came in, because its row changes without the person's doing. */
function useAnnouncedGrants(list: ProtectedFieldList, announce: (text: string) => void): void {
  const { t, list: join, fieldLabel } = useTranslation()
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    // An emergency is said by whoever made it one.
    const active = list.grants.filter((grant) => grant.state === 'active' && !grant.isBreakGlass)
    const fresh = active.filter((grant) => known.current?.has(grant.id) === false)
    known.current = new Set(active.map((grant) => grant.id))
    const [first] = fresh
    if (first === undefined) return
    announce(t('sidebar.approved', { fields: join(first.fields.map(fieldLabel)) }))
  }, [list.grants, announce, t, join, fieldLabel])
}

/** What a draft holds that should not leave, at the top of the sidebar, and what one can do about it. */
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '@zendeskgarden/react-buttons'
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Close from '@zendeskgarden/svg-icons/src/16/x-stroke.svg?react'
import { styled } from 'styled-components'
import type { ProtectedFieldView } from '../../../contract/protected-fields.ts'
import type { SaveAnswer } from '../../../zaf/useSaveHook.ts'
import { FormButtons } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { FindingItem } from './FindingItem.tsx'
import type { Finding } from './findings.ts'
import { fieldsFor, planFor } from './findings.ts'
import { GuardFault } from './GuardFault.tsx'
import { SendAnywayForm } from './SendAnywayForm.tsx'
import type { SaveGuard as Guard } from './useSaveGuard.ts'
import { useSaveGuard } from './useSaveGuard.ts'

const Panel = styled.section<{ $isGood?: boolean }>`
  margin: ${({ theme }) => theme.space.xs} 0 ${({ theme }) => theme.space.sm};
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme, $isGood }) =>
      getColor({ theme, variable: $isGood === true ? 'border.success' : 'border.warning' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  overflow: clip;
  line-height: 20px;
`

const Head = styled.div<{ $isGood?: boolean }>`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  background: ${({ theme, $isGood }) =>
    getColor({ theme, variable: $isGood === true ? 'background.success' : 'background.warning' })};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  > svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme, $isGood }) =>
      getColor({
        theme,
        variable: $isGood === true ? 'foreground.success' : 'foreground.warning',
      })};
  }
  > div {
    flex: 1;
    min-width: 0;
  }
  p {
    margin: 0;
  }
  /* The icon, not the room around it, ends where the rows end. */
  > button {
    flex: none;
    margin: -6px -${({ theme }) => theme.space.xs} -6px 0;
  }
  [dir='rtl'] & > button {
    margin: -6px 0 -6px -${({ theme }) => theme.space.xs};
  }
`

const Title = styled.h2`
  margin: 0;
  border-radius: ${({ theme }) => theme.borderRadii.sm};
  font-size: ${({ theme }) => theme.fontSizes.md};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
  ${({ theme }) => focusStyles({ theme })}
`

const Findings = styled.ul`
  margin: 0;
  padding: 0 ${({ theme }) => theme.space.sm};
  list-style: none;
`

const Foot = styled.div`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xs};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
`

/** Quiet until wanted, and a target of 24 pixels (WCAG 2.2, 2.5.8). */
const SendButton = styled(Button)`
  && {
    align-self: flex-start;
    min-height: 24px;
  }
`

export type SaveGuardProps = {
  ticketId: number
  /** null while the ticket's fields are not known. */
  fields: readonly ProtectedFieldView[] | null
  announce: (text: string) => void
  /** A value went into the vault. */
  onTakenIn: () => void
  /** Hands over what answers the host. */
  onReady: (check: () => Promise<SaveAnswer>) => void
}

const NO_FIELDS: readonly ProtectedFieldView[] = []

export function SaveGuard(props: SaveGuardProps) {
  const { t } = useTranslation()
  const { onReady } = props
  const guard = useSaveGuard(props.ticketId, props.fields ?? NO_FIELDS, props)
  const check = useRef(guard.check)
  useEffect(() => {
    check.current = guard.check
  })
  useEffect(() => onReady(() => check.current()), [onReady])
  const { view } = guard
  switch (view.name) {
    case 'quiet':
      return null
    case 'stopped':
      return <Stopped guard={guard} view={view} fields={props.fields} />
    case 'clear':
      return <Settled title={t('save_guard.clear')} />
    case 'allowed':
      return <Settled title={t('save_guard.allowed')} />
    case 'unable':
      return (
        <Panel aria-labelledby="save-guard">
          <Header title={t('save_guard.unable_title')} onClose={guard.dismiss}>
            <p>
              {view.isSent ? t('save_guard.unable_passed') : t('save_guard.unable_blocked')}{' '}
              {t(`save_guard.unable.${view.why}`)}{' '}
              {!view.isSent && t('save_guard.unable_blocked_next')}
            </p>
          </Header>
          <Foot>
            <SubtleText>{t('save_guard.limits')}</SubtleText>
          </Foot>
        </Panel>
      )
  }
}

function Header(props: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Head>
      <AlertWarning aria-hidden="true" focusable="false" />
      <div>
        <Title id="save-guard" tabIndex={-1}>
          {props.title}
        </Title>
        {props.children}
      </div>
      <IconButton size="small" aria-label={t('states.close')} onClick={props.onClose}>
        <Close />
      </IconButton>
    </Head>
  )
}

/** Nothing keeps the draft any more. Takes the focus that stood on what is gone. */
function Settled({ title }: { title: string }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Not while the person is elsewhere in Zendesk.
    if (document.hasFocus()) heading.current?.focus()
  }, [])
  return (
    <Panel $isGood aria-labelledby="save-guard">
      <Head $isGood>
        <CheckCircle aria-hidden="true" focusable="false" />
        <div>
          <Title id="save-guard" ref={heading} tabIndex={-1}>
            {title}
          </Title>
          <p>{t('save_guard.submit_again')}</p>
        </div>
      </Head>
    </Panel>
  )
}

type Act = { key: string; run: () => Promise<void> }

function Stopped(props: {
  guard: Guard
  view: Extract<Guard['view'], { name: 'stopped' }>
  fields: readonly ProtectedFieldView[] | null
}) {
  const { guard, view } = props
  const { findings, isPublic } = view
  const { t } = useTranslation()
  const fields = props.fields ?? NO_FIELDS
  const [isSending, setIsSending] = useState(false)
  const [actedOn, setActedOn] = useState<string | null>(null)
  const items = useRef<(HTMLElement | null)[]>([])
  const sendButton = useRef<HTMLButtonElement>(null)
  const [acting, act] = useAttempt(async ({ run, key }: Act) => {
    setActedOn(key)
    await run()
  })
  const isBusy = acting.status === 'processing'
  const start = (key: string, run: () => Promise<void>) => {
    if (!isBusy) void act({ key, run })
  }
  useFocusOnNext(findings, items)

  const error = acting.status === 'error' ? acting.error : null
  const placesFor = (finding: Finding) => fieldsFor(finding, fields, guard.taken)
  const plan = planFor(findings, fields, guard.taken)
  const canMove = plan.some(({ fieldId }) => fieldId !== null)
  const canMoveAll = plan.every(({ fieldId }) => fieldId !== null)
  const isMany = findings.length > 1
  return (
    <Panel aria-labelledby="save-guard">
      <Header
        title={isPublic ? t('save_guard.title_reply') : t('save_guard.title_note')}
        onClose={guard.dismiss}
      >
        <p>{t('save_guard.lead')}</p>
      </Header>
      <Findings>
        {findings.map((finding, index) => (
          <FindingItem
            key={finding.key}
            id={`finding-${index}`}
            ref={(item) => {
              items.current[index] = item
            }}
            finding={finding}
            isPublic={isPublic}
            fields={props.fields}
            places={placesFor(finding)}
            isOnly={!isMany}
            isBusy={isBusy}
            working={isBusy && actedOn === finding.key}
            error={actedOn === finding.key ? error : null}
            onMove={(fieldId) => start(finding.key, () => guard.move(finding, fieldId))}
            onMask={() => start(finding.key, () => guard.mask([finding]))}
          />
        ))}
      </Findings>
      <Foot>
        {isMany && (
          <>
            <FormButtons>
              {canMove && (
                <Button
                  size="small"
                  isPrimary
                  disabled={isBusy}
                  onClick={() => start('all', () => guard.settleAll(findings))}
                >
                  {t(canMoveAll ? 'save_guard.move_all' : 'save_guard.move_or_mask_all')}
                </Button>
              )}
              <Button
                size="small"
                isPrimary={!canMove}
                disabled={isBusy}
                onClick={() => start('all', () => guard.mask(findings))}
              >
                {t('save_guard.mask_all')}
              </Button>
            </FormButtons>
            {canMove && !canMoveAll && (
              <SubtleText>{t('save_guard.move_or_mask_all_hint')}</SubtleText>
            )}
            {actedOn === 'all' && error !== null && <GuardFault error={error} />}
          </>
        )}
        {guard.maySendWithReason === false && (
          <SubtleText>{t('save_guard.send_forbidden')}</SubtleText>
        )}
        {guard.maySendWithReason === true && (
          <SendButton
            ref={sendButton}
            isLink
            isNeutral
            aria-expanded={isSending}
            disabled={isBusy}
            onClick={() => setIsSending(!isSending)}
          >
            {t('save_guard.send_anyway')}
          </SendButton>
        )}
        {isSending && (
          <SendAnywayForm
            onAllow={guard.allow}
            onClose={() => {
              setIsSending(false)
              sendButton.current?.focus()
            }}
          />
        )}
        <SubtleText>{t('save_guard.limits')}</SubtleText>
      </Foot>
    </Panel>
  )
}

/** When one finding is settled the keyboard goes on at the next. */
function useFocusOnNext(
  findings: readonly Finding[],
  items: { current: (HTMLElement | null)[] },
): void {
  const last = useRef(findings)
  useEffect(() => {
    const gone = last.current.findIndex(
      (finding) => !findings.some((other) => other.key === finding.key),
    )
    last.current = findings
    // Not while the person is elsewhere: the agent may be writing.
    if (gone >= 0 && document.hasFocus()) {
      items.current[Math.min(gone, findings.length - 1)]?.focus()
    }
  }, [findings, items])
}

/**
 * Tries a text against the current policy. Detection runs here: the text stays in this component's
 * memory, and is in no request, no storage and no log.
 */
import { useMemo, useRef, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Toggle } from '@zendeskgarden/react-forms'
import { getColor, mediaQuery } from '@zendeskgarden/react-theming'
import Lock from '@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?react'
import { styled } from 'styled-components'
import type { DetectionSettingsView } from '../../../contract/detection.ts'
import { maskText } from '../../../core/mask-text.ts'
import type { ClassByKind } from '../../../core/mask-text.ts'
import { DETECTED_KINDS } from '../../../detect/span.ts'
import { LiveRegion } from '../../shared/LiveRegion.tsx'
import { Refused } from '../../shared/Refused.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { DetectionPolicy } from './DetectionPolicy.tsx'
import { FindingList } from './FindingList.tsx'
import type { Finding } from './findings.ts'
import { Heading } from '../../shared/headings.ts'
import { TriedText } from './TriedText.tsx'
import { useFindings } from './useFindings.ts'

const SECONDS_UNTIL_NEXT = 60

/** The class of most that is found; `secret` would keep nothing of any kind. */
const CLASS_SHOWN: ClassByKind = Object.fromEntries(
  DETECTED_KINDS.map((kind) => [kind, 'restricted' as const]),
)

const Panes = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 5fr) minmax(240px, 2fr);
  gap: ${({ theme }) => theme.space.lg};
  align-items: start;
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
    gap: 0;
  }
  ${({ theme }) => mediaQuery('up', 'md', theme)} {
    > div > h2:first-child {
      margin-top: 0;
    }
  }
`

const Private = styled.p`
  ${subtleText}
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  margin: 0 0 ${({ theme }) => theme.space.sm};
  line-height: 20px;
  svg {
    flex: none;
    margin-top: 2px;
  }
`

const Tools = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: ${({ theme }) => `${theme.space.xs} ${theme.space.md}`};
  margin-top: ${({ theme }) => theme.space.xs};
  min-height: 32px;
`

const Masked = styled.section`
  margin-top: ${({ theme }) => theme.space.xs};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.sm}`};
  max-height: 40vh;
  overflow-y: auto;
  line-height: 24px;
  white-space: pre-wrap;
  overflow-wrap: break-word;
  unicode-bidi: plaintext;
  text-align: start;
`

export function TryDetection() {
  const isActive = useIsActive()
  const [polled, refresh] = usePolled<DetectionSettingsView>('/detection', {
    isActive,
    secondsUntilNext: () => SECONDS_UNTIL_NEXT,
  })
  switch (polled.status) {
    case 'processing':
      return <SkeletonRows count={3} />
    case 'error':
      return polled.trouble === null ? (
        <Refused error={polled.error} />
      ) : (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )
    case 'success':
      return (
        <>
          {polled.trouble !== null && (
            <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
          )}
          <Trial settings={polled.data} />
        </>
      )
  }
}

function Trial({ settings }: { settings: DetectionSettingsView }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [isEverythingShown, setIsEverythingShown] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)
  const { findings, settled } = useFindings(text, settings)
  const acted = useMemo(() => findings.filter(({ isActedOn }) => isActedOn), [findings])
  const shown = isEverythingShown ? findings : acted
  const ignoredCount = findings.length - acted.length
  const isBlank = text.trim() === ''
  const settledCount = settled.findings.filter(({ isActedOn }) => isActedOn).length

  const select = ({ start, end }: Finding) => {
    input.current?.focus()
    input.current?.setSelectionRange(start, end)
  }
  const write = (next: string) => {
    setText(next)
    input.current?.focus()
  }

  return (
    <Panes>
      <div>
        <Field>
          <Field.Label>{t('detection.text')}</Field.Label>
          <Private as={Field.Hint}>
            <Lock aria-hidden="true" focusable="false" />
            {t('detection.private')}
          </Private>
          <TriedText
            ref={input}
            text={text}
            findings={shown}
            placeholder={t('detection.placeholder')}
            onChange={setText}
          />
        </Field>
        <Tools>
          <Field>
            <Toggle
              checked={isEverythingShown}
              onChange={() => setIsEverythingShown(!isEverythingShown)}
            >
              <Field.Label isRegular>{t('detection.show_ignored')}</Field.Label>
            </Toggle>
          </Field>
          {text === '' ? (
            <Button size="small" onClick={() => write(t('detection.example'))}>
              {t('detection.try_example')}
            </Button>
          ) : (
            <Button size="small" onClick={() => write('')}>
              {t('detection.clear')}
            </Button>
          )}
        </Tools>
        <Heading>{t('detection.findings')}</Heading>
        {shown.length > 0 ? (
          <FindingList text={text} findings={shown} custom={settings.custom} onPick={select} />
        ) : (
          <SubtleText>{isBlank ? t('detection.empty') : t('detection.nothing')}</SubtleText>
        )}
        {!isEverythingShown && ignoredCount > 0 && (
          <SubtleText>{t('detection.ignored_count', { count: ignoredCount })}</SubtleText>
        )}
        {acted.length > 0 && <MaskedPreview text={settled.text} settings={settings} />}
        <LiveRegion text={isBlank ? '' : t('detection.count', { count: settledCount })} />
      </div>
      <div>
        <DetectionPolicy settings={settings} onTry={({ example }) => write(example)} />
      </div>
    </Panes>
  )
}

/** The text as it would stand in a ticket. */
function MaskedPreview(props: { text: string; settings: DetectionSettingsView }) {
  const { text, settings } = props
  const { t } = useTranslation()
  const masked = useMemo(() => maskText(text, CLASS_SHOWN, settings), [text, settings])
  return (
    <>
      <Heading>{t('detection.masked')}</Heading>
      <SubtleText>{t('detection.masked_hint')}</SubtleText>
      <Masked aria-label={t('detection.masked')} tabIndex={0}>
        {masked}
      </Masked>
    </>
  )
}

/**
 * A revealed document on screen: drawn page by page under the watermark, and gone without a trace
 * when this leaves the page.
 */
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { ComponentType, SVGProps } from 'react'
import { IconButton } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import ChevronLeft from '@zendeskgarden/svg-icons/src/16/chevron-left-stroke.svg?react'
import ChevronRight from '@zendeskgarden/svg-icons/src/16/chevron-right-stroke.svg?react'
import Dash from '@zendeskgarden/svg-icons/src/16/dash-stroke.svg?react'
import Download from '@zendeskgarden/svg-icons/src/16/download-stroke.svg?react'
import FileError from '@zendeskgarden/svg-icons/src/16/file-error-stroke.svg?react'
import Minimize from '@zendeskgarden/svg-icons/src/16/minimize-stroke.svg?react'
import Plus from '@zendeskgarden/svg-icons/src/16/plus-stroke.svg?react'
import { styled } from 'styled-components'
import { useDocumentWord } from '../../shared/DocumentName.tsx'
import { subtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useLateFlag } from '../../shared/useLateFlag.ts'
import { DocumentFault } from './document-pages.ts'
import { DocumentFrame, InTheMiddle } from './DocumentFrame.tsx'
import type { WholeDocument } from './gather-document.ts'
import { MAX_ZOOM, MIN_ZOOM, stepZoom } from './page-layout.ts'
import { PageView, WHOLE_PAGE } from './PageView.tsx'
import type { Zoom } from './PageView.tsx'
import { saveDocument } from './save-document.ts'
import { useDocumentPages } from './useDocumentPages.ts'

const Tools = styled.div`
  display: flex;
  flex: none;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  border-bottom: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
`

const Group = styled.div`
  display: flex;
  align-items: center;
  &:last-child {
    margin-inline-start: auto;
  }
`

const Place = styled.span`
  ${subtleText}
  font-variant-numeric: tabular-nums;
`

/** Stays where it is, and keeps the focus, at the first page and the last. */
const ToolButton = styled(IconButton)`
  &&[aria-disabled='true'] {
    opacity: 0.4;
    background: none;
    cursor: default;
  }
`

export type DocumentViewProps = {
  document: WholeDocument
  label: string
  /** The viewer's name and the time of the reveal. */
  watermark: string
  usesLeft: number
  announce: (text: string) => void
}

export function DocumentView(props: DocumentViewProps) {
  const { document, label, announce } = props
  const { t, direction } = useTranslation()
  const word = useDocumentWord(document.contentType)
  const [number, setNumber] = useState(1)
  const [zoom, setZoom] = useState<Zoom>(WHOLE_PAGE)
  const { count, drawn, error } = useDocumentPages(document, number)
  const hintId = useId()
  const frame = useFocusKeptInRow()

  const turn = useCallback(
    (by: 1 | -1) => setNumber((last) => Math.min(count ?? 1, Math.max(1, last + by))),
    [count],
  )
  const place = t('document.page', { number, count: count ?? 1 })
  const isTurned = useRef(false)
  useEffect(() => {
    if (drawn === null) return
    if (isTurned.current) announce(t('document.page', { number: drawn.number, count: count ?? 1 }))
    isTurned.current = true
    // Words that change language are not said again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [drawn, announce])

  const step = (to: 'in' | 'out') => () =>
    setZoom(({ factor }) => ({ factor: stepZoom(factor, to), around: null }))
  const [Back, On] = direction === 'rtl' ? [ChevronRight, ChevronLeft] : [ChevronLeft, ChevronRight]
  const isPaged = count !== null && count > 1
  const isDrawn = drawn !== null && error === null
  return (
    <DocumentFrame ref={frame}>
      {(isPaged || isDrawn || document.isDownloadAllowed) && (
        <Tools>
          {isPaged && (
            <Group>
              <Tool
                Icon={Back}
                label={t('document.previous')}
                isAtEnd={number === 1}
                onClick={() => turn(-1)}
              />
              <Place>{place}</Place>
              <Tool
                Icon={On}
                label={t('document.next')}
                isAtEnd={number === count}
                onClick={() => turn(1)}
              />
            </Group>
          )}
          <Group>
            {isDrawn && (
              <>
                <Tool
                  Icon={Dash}
                  label={t('document.zoom_out')}
                  isAtEnd={zoom.factor === MIN_ZOOM}
                  onClick={step('out')}
                />
                <Tool
                  Icon={Plus}
                  label={t('document.zoom_in')}
                  isAtEnd={zoom.factor === MAX_ZOOM}
                  onClick={step('in')}
                />
                <Tool
                  Icon={Minimize}
                  label={t('document.fit')}
                  isAtEnd={zoom.factor === MIN_ZOOM}
                  onClick={() => setZoom(WHOLE_PAGE)}
                />
              </>
            )}
            {document.isDownloadAllowed && (
              <Tool
                Icon={Download}
                label={t('document.download')}
                onClick={() => saveDocument(document, label)}
              />
            )}
          </Group>
        </Tools>
      )}
      {error !== null ? (
        <Fault error={error} usesLeft={props.usesLeft} />
      ) : drawn === null ? (
        <Opening />
      ) : (
        <>
          <PageView
            page={drawn.pixels}
            zoom={zoom}
            onZoom={setZoom}
            onTurn={isPaged ? turn : undefined}
            watermark={props.watermark}
            label={label}
            alternative={t('document.alternative', {
              what: word,
              number: drawn.number,
              count: count ?? 1,
            })}
            hintId={hintId}
          />
          <VisuallyHidden id={hintId}>
            {t('document.keys')} {isPaged && t('document.page_keys')}
          </VisuallyHidden>
        </>
      )}
    </DocumentFrame>
  )
}

function Tool(props: {
  Icon: ComponentType<SVGProps<SVGSVGElement>>
  label: string
  isAtEnd?: boolean
  onClick: () => void
}) {
  const { Icon, label, isAtEnd = false } = props
  return (
    <ToolButton
      size="small"
      aria-label={label}
      title={label}
      aria-disabled={isAtEnd}
      onClick={isAtEnd ? undefined : props.onClick}
    >
      <Icon />
    </ToolButton>
  )
}

function Opening() {
  const { t } = useTranslation()
  const isLate = useLateFlag()
  return <InTheMiddle as="output">{isLate && t('document.opening')}</InTheMiddle>
}

/** Why there is nothing to see, what to do, and what became of the use. */
function Fault({ error, usesLeft }: { error: unknown; usesLeft: number }) {
  const { t } = useTranslation()
  return (
    <InTheMiddle role="alert">
      <FileError aria-hidden="true" focusable="false" />
      {error instanceof DocumentFault ? (
        <>
          <p>{t(`document.fault.${error.code}.reason`)}</p>
          <p>{t(`document.fault.${error.code}.next`)}</p>
          <p>{t('document.use_taken', { uses: t('revealed.uses', { count: usesLeft }) })}</p>
        </>
      ) : (
        <p>{t('states.no_answer')}</p>
      )}
    </InTheMiddle>
  )
}

/** Who works in the document when it is masked goes on at its row, not at the top of the page. */
function useFocusKeptInRow() {
  const frame = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = frame.current
    return () => {
      if (element === null || !element.contains(window.document.activeElement)) return
      element.closest<HTMLElement>('[data-field-row]')?.focus()
    }
  }, [])
  return frame
}

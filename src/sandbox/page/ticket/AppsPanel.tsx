/** The right sidebar: the app in its frame, at a width the agent chooses. */
import { IconButton } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import ReloadIcon from '@zendeskgarden/svg-icons/src/16/reload-stroke.svg?react'
import AppsIcon from '@zendeskgarden/svg-icons/src/16/grid-2x2-stroke.svg?react'
import KnowledgeIcon from '@zendeskgarden/svg-icons/src/16/book-open-stroke.svg?react'
import UserIcon from '@zendeskgarden/svg-icons/src/16/user-solo-stroke.svg?react'
import { useState } from 'react'
import type { PointerEvent } from 'react'
import { styled } from 'styled-components'
import { AppFrame } from '../apps/AppFrame.tsx'
import { ScrimIcon } from '../chrome/ScrimIcon.tsx'

/** Of the app's frame, in pixels. */
const MIN_WIDTH = 320
const MAX_WIDTH = 480
const STEP = 16
/** Beside the frame: the panel's own padding and the strip of icons. */
const PADDING = 8
const STRIP_WIDTH = 48

const Panel = styled.aside`
  position: relative;
  display: grid;
  grid-template-columns: minmax(0, 1fr) ${STRIP_WIDTH}px;
  min-block-size: 0;
`
const Grip = styled.button`
  position: absolute;
  inset-block: 0;
  inset-inline-start: -4px;
  inline-size: 8px;
  cursor: col-resize;
  z-index: 2;
  touch-action: none;
  padding: 0;
  border: 0;
  background: transparent;

  &:hover,
  &:focus-visible {
    background: ${({ theme }) =>
      getColor({ theme, variable: 'background.primaryEmphasis', transparency: 400 })};
    outline: none;
  }
`
const Apps = styled.div`
  overflow-y: auto;
  min-block-size: 0;
  padding-inline: ${PADDING}px;
`
const AppHead = styled.header`
  display: flex;
  align-items: center;
  gap: 8px;
  block-size: 48px;
  padding-inline: 8px 0;
  font-weight: 600;

  > span {
    flex: 1;
  }
`
const Strip = styled.div`
  display: grid;
  align-content: start;
  justify-items: center;
  gap: 12px;
  padding-block-start: 12px;
  border-inline-start: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
`
const StripIcon = styled.span<{ $isCurrent?: boolean }>`
  display: grid;
  place-items: center;
  inline-size: 32px;
  block-size: 32px;
  border-radius: 4px;
  opacity: ${({ $isCurrent }) => ($isCurrent ? 1 : 0.45)};
  color: ${({ theme, $isCurrent }) =>
    $isCurrent ? getColor({ theme, variable: 'foreground.primary' }) : 'inherit'};
  background: ${({ theme, $isCurrent }) =>
    $isCurrent
      ? getColor({ theme, variable: 'background.primaryEmphasis', transparency: 200 })
      : 'transparent'};
`

function clampWidth(width: number): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round(width)))
}

function WidthGrip({ width, onChange }: { width: number; onChange: (width: number) => void }) {
  const drag = (event: PointerEvent<HTMLButtonElement>) => {
    const grip = event.currentTarget
    const start = event.clientX
    // Captured, so that the iframe beside it does not swallow the pointer.
    grip.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) =>
      onChange(clampWidth(width + start - moved.clientX))
    grip.addEventListener('pointermove', move)
    grip.addEventListener('pointerup', () => grip.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  return (
    <Grip
      type="button"
      aria-label={`Width of the apps panel: ${width} pixels. Left and right arrow change it.`}
      onPointerDown={drag}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onChange(clampWidth(width + STEP))
        if (event.key === 'ArrowRight') onChange(clampWidth(width - STEP))
      }}
    />
  )
}

export function AppsPanel({ ticketId, isInFront }: { ticketId: number; isInFront: boolean }) {
  const [width, setWidth] = useState(344)
  const [load, setLoad] = useState(1)
  return (
    <Panel style={{ width: width + 2 * PADDING + STRIP_WIDTH }} aria-label="Apps">
      <WidthGrip width={width} onChange={setWidth} />
      <Apps>
        <AppHead>
          <ScrimIcon />
          <span>Scrim</span>
          <IconButton
            size="small"
            aria-label="Reload app"
            title="Reload app"
            onClick={() => setLoad((count) => count + 1)}
          >
            <ReloadIcon />
          </IconButton>
        </AppHead>
        <AppFrame
          key={load}
          location="ticket_sidebar"
          ticketId={ticketId}
          isActive={isInFront}
          title="Scrim"
        />
      </Apps>
      <Strip aria-hidden="true">
        <StripIcon title="Customer: not in the sandbox">
          <UserIcon />
        </StripIcon>
        <StripIcon title="Knowledge: not in the sandbox">
          <KnowledgeIcon />
        </StripIcon>
        <StripIcon $isCurrent title="Apps">
          <AppsIcon />
        </StripIcon>
      </Strip>
    </Panel>
  )
}

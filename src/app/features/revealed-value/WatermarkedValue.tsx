/**
 * The value under the viewer's name and the time, so that a photograph says who took it. The watermark
 * is painted by the style sheet: it is not text one can select, copy or search.
 */
import { useEffect, useRef } from 'react'
import type { ClipboardEvent } from 'react'
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import type { FieldKind } from '../../../core/protected-field.ts'
import { directionOfKind } from '../../shared/Masked.tsx'

const Frame = styled.div`
  position: relative;
  overflow: hidden;
  isolation: isolate;
  /* Two whole lines in the height of a value: steeper, and a name leans out of the band unread. */
  &::after {
    position: absolute;
    inset: 0;
    z-index: 1;
    transform: rotate(-2deg);
    opacity: 0.3;
    content: attr(data-watermark);
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    font-size: 11px;
    line-height: 16px;
    pointer-events: none;
  }
`

const Value = styled.bdi<{ $isSelectable: boolean; $isExpanded: boolean; $isDense: boolean }>`
  /* Starts where the row starts, whichever way its own text runs. */
  display: inline-block;
  position: relative;
  box-sizing: border-box;
  max-width: 100%;
  vertical-align: top;
  min-height: 32px;
  padding: 6px 0;
  font-variant-numeric: tabular-nums;
  font-weight: ${({ theme, $isDense }) =>
    $isDense ? theme.fontWeights.regular : theme.fontWeights.semibold};
  line-height: 20px;
  ${({ $isExpanded }) =>
    $isExpanded
      ? css`
          max-height: 240px;
          overflow: auto;
          white-space: pre-wrap;
          overflow-wrap: anywhere;
        `
      : css`
          overflow: hidden;
          text-overflow: ellipsis;
          white-space: nowrap;
        `}
  ${({ $isSelectable }) =>
    $isSelectable
      ? css`
          user-select: text;
        `
      : css`
          user-select: none;
          -webkit-user-select: none;
          -webkit-touch-callout: none;
        `}
`

/** Fills the place of the longest value, 240 pixels high, in the widest sidebar: a gap would name nobody. */
const WATERMARK_LENGTH = 2_400
/** What is longer needs the room that bold digits would take in the narrowest sidebar. */
const FITS_IN_BOLD = 19

const filledWith = (words: string) => words.repeat(Math.ceil(WATERMARK_LENGTH / words.length))

export type WatermarkedValueProps = {
  kind: FieldKind
  value: string
  /** The viewer's name and the time of the reveal. */
  watermark: string
  isCopyAllowed: boolean
  isExpanded: boolean
  /** Told whether the value is wider than its place, whenever that changes. */
  onTruncated: (isTruncated: boolean) => void
  label: string
}

export function WatermarkedValue(props: WatermarkedValueProps) {
  const keepHere = (event: ClipboardEvent) => {
    if (!props.isCopyAllowed) event.preventDefault()
  }
  const { onTruncated, isExpanded } = props
  const text = useRef<HTMLElement>(null)
  useEffect(() => {
    const element = text.current
    if (element === null || isExpanded || typeof ResizeObserver === 'undefined') return undefined
    const observer = new ResizeObserver(() =>
      onTruncated(element.scrollWidth > element.clientWidth),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [onTruncated, isExpanded])
  return (
    <Frame data-watermark={filledWith(`${props.watermark} · `)} onCopy={keepHere} onCut={keepHere}>
      <Value
        ref={text}
        dir={directionOfKind(props.kind)}
        $isSelectable={props.isCopyAllowed}
        $isExpanded={props.isExpanded}
        $isDense={props.value.length > FITS_IN_BOLD}
        draggable={false}
        onDragStart={(event) => event.preventDefault()}
        // A long value scrolls, and what scrolls must be reachable by keyboard.
        tabIndex={props.isExpanded ? 0 : undefined}
        role={props.isExpanded ? 'region' : undefined}
        aria-label={props.isExpanded ? props.label : undefined}
        translate="no"
        data-revealed
      >
        {props.value}
      </Value>
    </Frame>
  )
}

/**
 * The value under the viewer's name and the time, so that a photograph says who took it. The watermark
 * is painted by the style sheet: it is not text one can select, copy or search.
 */
import type { ClipboardEvent } from 'react'
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import type { FieldKind } from '../../../core/protected-field.ts'
import { directionOfKind } from '../../shared/Masked.tsx'

const Frame = styled.div`
  position: relative;
  /* The value stands exactly where its mask stood; the ground reaches out around it. */
  margin-inline: -${({ theme }) => theme.space.xs} 0;
  overflow: hidden;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  isolation: isolate;
  &::after {
    position: absolute;
    inset: -40px;
    z-index: 1;
    transform: rotate(-9deg);
    opacity: 0.22;
    content: attr(data-watermark);
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    font-size: 10px;
    line-height: 15px;
    word-spacing: 2px;
    text-align: justify;
    overflow-wrap: anywhere;
    pointer-events: none;
  }
`

const Value = styled.bdi<{ $isSelectable: boolean; $isExpanded: boolean }>`
  /* Starts where the row starts, whichever way its own text runs. */
  display: inline-block;
  position: relative;
  box-sizing: border-box;
  max-width: 100%;
  vertical-align: top;
  min-height: 32px;
  padding: ${({ theme }) => `6px ${theme.space.xs}`};
  font-variant-numeric: tabular-nums;
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
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

const REPEATS = 24

export type WatermarkedValueProps = {
  kind: FieldKind
  value: string
  /** The viewer's name and the time of the reveal. */
  watermark: string
  isCopyAllowed: boolean
  isExpanded: boolean
  label: string
}

export function WatermarkedValue(props: WatermarkedValueProps) {
  const keepHere = (event: ClipboardEvent) => {
    if (!props.isCopyAllowed) event.preventDefault()
  }
  return (
    <Frame
      data-watermark={`${props.watermark} · `.repeat(REPEATS)}
      onCopy={keepHere}
      onCut={keepHere}
    >
      <Value
        dir={directionOfKind(props.kind)}
        $isSelectable={props.isCopyAllowed}
        $isExpanded={props.isExpanded}
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

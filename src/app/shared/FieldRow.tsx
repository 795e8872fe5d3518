/**
 * The frame of one protected field: three lines whose height does not depend on the field's state, so
 * that nothing moves while somebody looks at it. What a person opens goes under the lines.
 */
import { forwardRef } from 'react'
import type { ReactNode } from 'react'
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { FieldKind } from '../../core/protected-field.ts'
import { FieldIcon } from './FieldIcon.tsx'
import { hairline, oneLine, subtleText } from './surface.ts'

const Row = styled.li`
  ${hairline}
  padding: ${({ theme }) => theme.space.xs} 0;
  outline: none;
`

const Line = styled.div`
  display: flex;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
`

const Heading = styled(Line)`
  height: 20px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  svg {
    flex: none;
  }
`

const Label = styled.h2`
  ${oneLine}
  flex: 1;
  margin: 0;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
  font-size: ${({ theme }) => theme.fontSizes.md};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
`

const SensitivityClass = styled.span`
  ${subtleText}
  flex: none;
`

const ValueLine = styled(Line)`
  align-items: flex-start;
  min-height: 32px;
`

const Value = styled.div`
  flex: 1;
  min-width: 0;
  font-variant-numeric: tabular-nums;
  line-height: 32px;
`

const NoteLine = styled(Line)`
  ${subtleText}
  height: 20px;
  /* Quiet until wanted: the row has one accent, and that is its button. */
  && button {
    flex: none;
    /* WCAG 2.2, 2.5.8: a target of 24 pixels, in a line of 20 and of words as short as Arabic's. */
    min-width: 24px;
    min-height: 24px;
    color: inherit;
  }
  && button:hover {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.primary' })};
  }
`

const Note = styled.span`
  ${oneLine}
  flex: 0 1 auto;
`

const OpenableNote = styled.button`
  ${oneLine}
  border: 0;
  border-radius: ${({ theme }) => theme.borderRadii.sm};
  background: none;
  cursor: pointer;
  padding: 0;
  font: inherit;
  text-align: start;
  ${({ theme }) => focusStyles({ theme, inset: true })}
  &&& {
    flex: 0 1 auto;
  }
`

const NoteEnd = styled.span`
  ${oneLine}
  flex: none;
  max-width: 60%;
`

const End = styled.span`
  display: flex;
  flex: none;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
  margin-inline-start: auto;
`

export type FieldRowProps = {
  id: string
  kind: FieldKind
  label: string
  sensitivityClass: string
  /** The mask, or the value. */
  value: ReactNode
  action?: ReactNode
  note?: ReactNode
  /** The note's full words, for when it is cut. */
  noteTitle?: string
  /** Makes the note a button that opens the whole of it, and says whether it is open. */
  noteToggle?: { isOpen: boolean; onToggle: () => void }
  /** Ends the note and stays when the note is cut. */
  noteEnd?: string
  /** Right after the note. */
  noteAction?: ReactNode
  end?: ReactNode
  under?: ReactNode
}

export const FieldRow = forwardRef<HTMLLIElement, FieldRowProps>(function FieldRow(props, ref) {
  return (
    <Row ref={ref} tabIndex={-1} aria-labelledby={props.id} data-field-row>
      <Heading>
        <FieldIcon kind={props.kind} />
        <Label id={props.id} title={props.label}>
          {props.label}
        </Label>
        <SensitivityClass>{props.sensitivityClass}</SensitivityClass>
      </Heading>
      <ValueLine>
        <Value>{props.value}</Value>
        {props.action}
      </ValueLine>
      <NoteLine>
        {props.note !== undefined &&
          (props.noteToggle === undefined ? (
            <Note title={props.noteTitle}>{props.note}</Note>
          ) : (
            <OpenableNote
              type="button"
              dir="auto"
              title={props.noteTitle}
              aria-expanded={props.noteToggle.isOpen}
              onClick={props.noteToggle.onToggle}
            >
              {props.note}
            </OpenableNote>
          ))}
        {props.noteEnd !== undefined && <NoteEnd title={props.noteEnd}>{props.noteEnd}</NoteEnd>}
        {props.noteAction}
        {props.end !== undefined && <End>{props.end}</End>}
      </NoteLine>
      {props.under}
    </Row>
  )
})

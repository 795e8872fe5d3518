/** A text to type into, with what was found marked in place. It leaves neither this page nor memory. */
import { forwardRef } from 'react'
import { Textarea } from '@zendeskgarden/react-forms'
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import type { DetectedKind } from '../../../detect/span.ts'
import type { Finding } from './findings.ts'
import { piecesOf } from './findings.ts'
import { ignoredColours, kindColours } from './kind-colours.ts'

const Box = styled.div`
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) =>
      getColor({
        theme,
        variable: 'border.default',
        dark: { offset: -100 },
        light: { offset: 100 },
      })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  max-height: 60vh;
  overflow-y: auto;
  ${({ theme }) => focusStyles({ theme, selector: '&:focus-within' })}
`

/** Marks and typed text lie in one cell: the text gives both their height. */
const Stack = styled.div`
  display: grid;
  min-height: 168px;
`

/** What decides where a line breaks must be the same in both. */
const lines = css`
  grid-area: 1 / 1;
  margin: 0;
  border: 0;
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.sm}`};
  font-family: inherit;
  font-size: ${({ theme }) => theme.fontSizes.md};
  line-height: 24px;
  letter-spacing: normal;
  white-space: pre-wrap;
  overflow-wrap: break-word;
  unicode-bidi: plaintext;
  text-align: start;
`

const Marks = styled.div`
  ${lines}
  color: transparent;
  pointer-events: none;
`

const Mark = styled.mark<{ $kind: DetectedKind; $isActedOn: boolean }>`
  border-radius: ${({ theme }) => theme.borderRadii.sm};
  color: transparent;
  box-decoration-break: clone;
  ${({ theme, $kind, $isActedOn }) =>
    $isActedOn ? kindColours(theme, $kind) : ignoredColours(theme)}
`

/* Twice the class, to stand above Garden's own. */
const Input = styled(Textarea)`
  && {
    ${lines}
    position: relative;
    background: transparent;
    width: 100%;
    min-height: 0;
    resize: none;
    overflow: hidden;
  }
`

export type TriedTextProps = {
  text: string
  findings: readonly Finding[]
  placeholder: string
  onChange: (text: string) => void
}

export const TriedText = forwardRef<HTMLTextAreaElement, TriedTextProps>(function TriedText(
  { text, findings, placeholder, onChange, ...fieldProps },
  ref,
) {
  return (
    <Box>
      <Stack>
        <Marks aria-hidden="true" translate="no">
          {piecesOf(text, findings).map(({ start, text: piece, span }) =>
            span === null ? (
              piece
            ) : (
              <Mark key={start} $kind={span.kind} $isActedOn={span.isActedOn} data-kind={span.kind}>
                {piece}
              </Mark>
            ),
          )}
          {/* A last line break needs something behind it to make a line. */}
          {'\u200b'}
        </Marks>
        <Input
          {...fieldProps}
          ref={ref}
          isBare
          value={text}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
          // Browsers and their extensions may send what they check and correct to a server.
          spellCheck={false}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          translate="no"
          data-gramm="false"
          data-enable-grammarly="false"
          data-lt-active="false"
        />
      </Stack>
    </Box>
  )
})

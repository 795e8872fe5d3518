/** The document as text, its lines numbered and those with faults marked. */
import { forwardRef, useImperativeHandle, useRef } from 'react'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const LINE_HEIGHT = 20

const Box = styled.div`
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) =>
      getColor({
        theme,
        variable: 'border.default',
        dark: { offset: -100 },
        light: { offset: 100 },
      })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  max-height: max(320px, 100vh - 420px);
  overflow-y: auto;
  direction: ltr;
  ${({ theme }) => focusStyles({ theme, selector: '&:focus-within' })}
`

const Numbers = styled.div`
  ${({ theme }) => ({ background: getColor({ theme, variable: 'background.subtle' }) })}
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.xs}`};
  min-width: 40px;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: ${LINE_HEIGHT}px;
  text-align: end;
  user-select: none;
  div[data-fault] {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  div[data-fault]::before {
    content: '●';
    padding-inline-end: 4px;
  }
`

/* Twice the class, to stand above Garden's own. */
const Text = styled(Textarea)`
  && {
    box-sizing: content-box;
    padding: ${({ theme }) => `${theme.space.xs} 0`};
    padding-inline-start: ${({ theme }) => theme.space.xs};
    width: calc(100% - ${({ theme }) => theme.space.xs});
    min-height: 0;
    overflow-x: auto;
    overflow-y: hidden;
    resize: none;
    font-family: ${({ theme }) => theme.fonts.mono};
    font-size: ${({ theme }) => theme.fontSizes.sm};
    line-height: ${LINE_HEIGHT}px;
    letter-spacing: normal;
    white-space: pre;
    tab-size: 2;
    text-align: left;
  }
`

export type DocumentViewHandle = { goToLine: (line: number) => void }

export const DocumentView = forwardRef<
  DocumentViewHandle,
  {
    label: string
    text: string
    /** Lines with a fault, from 1. */
    faulty: ReadonlySet<number>
    onChange: (text: string) => void
  }
>(function DocumentView({ label, text, faulty, onChange }, ref) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const lines = text.split('\n')
  useImperativeHandle(ref, () => ({
    goToLine: (line) => {
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
      area.current?.focus()
      area.current?.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
      if (box.current !== null) box.current.scrollTop = Math.max(0, (line - 4) * LINE_HEIGHT)
    },
  }))
  return (
    <Field>
      <Field.Label>{label}</Field.Label>
      <Field.Hint>{t('policy.document_hint')}</Field.Hint>
      <Box ref={box}>
        <Numbers aria-hidden="true">
          {lines.map((_, at) => (
            // Lines have no identity but their number.
            // eslint-disable-next-line react/no-array-index-key
            <div key={at} data-fault={faulty.has(at + 1) ? '' : undefined}>
              {at + 1}
            </div>
          ))}
        </Numbers>
        <Text
          ref={area}
          isBare
          wrap="off"
          rows={lines.length + 1}
          value={text}
          onChange={({ target }) => onChange(target.value)}
          spellCheck={false}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          translate="no"
          dir="ltr"
        />
      </Box>
    </Field>
  )
})

/** Every fault with its part; picking one goes to where it can be put right. */
import { Button } from '@zendeskgarden/react-buttons'
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Fault } from './document-faults.ts'
import { useFaultSentence } from './useFaultSentence.ts'

const MOST_LISTED = 20

const Box = styled.section`
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.danger' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.danger' })};
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.sm}`};
  line-height: 20px;
  h3 {
    display: flex;
    gap: ${({ theme }) => theme.space.xs};
    margin: 0;
    font-size: inherit;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    svg {
      flex: none;
      margin-top: 2px;
      color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
    }
  }
  ul {
    margin: ${({ theme }) => `${theme.space.xxs} 0 0`};
    padding: 0;
    list-style: none;
  }
  li {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  code {
    font-size: ${({ theme }) => theme.fontSizes.sm};
  }
`

export function FaultList(props: {
  title: string
  /** Where the text breaks off; it has no other faults then. */
  brokenAt: { line: number; column: number } | null
  faults: readonly Fault[]
  onPick: (fault: Fault) => void
  onShowLine: (line: number) => void
}) {
  const { t } = useTranslation()
  const { labelOf } = usePolicyWords()
  const sentenceOf = useFaultSentence()
  const { brokenAt, faults, title } = props
  if (faults.length === 0 && brokenAt === null) return null
  const more = faults.length - MOST_LISTED
  return (
    <Box aria-label={title}>
      <h3>
        <AlertError aria-hidden="true" focusable="false" />
        {title}
      </h3>
      <ul>
        {brokenAt !== null && (
          <li>
            <Button isLink onClick={() => props.onShowLine(brokenAt.line)}>
              {t('policy.line', { line: brokenAt.line, column: brokenAt.column })}
            </Button>{' '}
            {t('policy.fault.broken')}
          </li>
        )}
        {faults.slice(0, MOST_LISTED).map((fault, at) => (
          // A part may have the same fault twice.
          // eslint-disable-next-line react/no-array-index-key
          <li key={at}>
            <Button isLink onClick={() => props.onPick(fault)}>
              {fault.path === '' ? t('policy.whole') : labelOf(pathOf(fault.path))}
            </Button>{' '}
            {sentenceOf(fault)} <code dir="ltr">{fault.path}</code>
          </li>
        ))}
      </ul>
      {more > 0 && t('policy.more_faults', { count: more })}
    </Box>
  )
}

/** Places in lists are numbers. No key of ours is one. */
export const pathOf = (spelled: string): (string | number)[] =>
  spelled.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

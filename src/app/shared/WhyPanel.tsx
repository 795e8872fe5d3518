/** Why something is hidden or cannot be done: one sentence of reason, one of next step, one to learn more. */
import type { ReactNode } from 'react'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { subtleText } from './surface.ts'
import { useTranslation } from './TranslationProvider.tsx'

const Panel = styled.div`
  margin: ${({ theme }) => theme.space.xxs} 0 ${({ theme }) => theme.space.xs};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  p {
    margin: 0;
    line-height: 20px;
  }
  p + p {
    margin-top: ${({ theme }) => theme.space.xxs};
  }
`

const LearnMore = styled.p`
  ${subtleText}
`

export type WhyPanelProps = {
  /** A refusal's code, or the sentences themselves. */
  why: { code: ScrimErrorCode; limit?: number } | { reason: string; next: string }
  /** Below the line to learn more. */
  children?: ReactNode
}

export function WhyPanel({ why, children }: WhyPanelProps) {
  const { t, find } = useTranslation()
  const limit = 'code' in why ? (why.limit ?? 0) : 0
  const reason =
    'code' in why ? (find(`errors.${why.code}.reason`, { count: limit, limit }) ?? '') : why.reason
  const next =
    'code' in why ? (find(`errors.${why.code}.next`, { count: limit, limit }) ?? '') : why.next
  return (
    <Panel role="note">
      <p>{reason}</p>
      <p>{next}</p>
      <LearnMore>{t('why.learn_more')}</LearnMore>
      {children}
    </Panel>
  )
}

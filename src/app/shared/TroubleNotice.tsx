/** Says what is down and when Scrim tries again. The person may try at once. */
import { Button } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import { styled } from 'styled-components'
import { ScrimError } from '../../core/errors.ts'
import { useTranslation } from './TranslationProvider.tsx'
import type { Trouble } from './usePolled.ts'
import { secondsUntil, useTick } from './useSeconds.ts'

const Notice = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  margin: ${({ theme }) => theme.space.sm} 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.warning' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.warning' })};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  line-height: 20px;
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.warning' })};
  }
  output {
    display: block;
  }
  p {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
`

export function TroubleNotice(props: { trouble: Trouble; onTryNow: () => void }) {
  const { t, find, duration } = useTranslation()
  const now = useTick()
  const { error, retryAt } = props.trouble
  const seconds = secondsUntil(retryAt, now)
  const code = error instanceof ScrimError ? error.code : null
  const reason =
    (code === null ? undefined : find(`states.down.${code}`)) ?? t('states.unreachable')
  return (
    <Notice>
      <AlertWarning aria-hidden="true" focusable="false" />
      <div>
        <output>{reason}</output>
        <p>
          {seconds > 0
            ? t('states.trying_again', { time: duration(seconds) })
            : t('states.trying_now')}{' '}
          <Button isLink onClick={props.onTryNow}>
            {t('states.try_now')}
          </Button>
        </p>
      </div>
    </Notice>
  )
}

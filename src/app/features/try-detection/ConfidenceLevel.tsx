/** How sure, as a word and as bars beside it. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ActLevel } from '../../../detect/detector.ts'
import { CONFIDENCE_LEVELS } from '../../../detect/span.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Level = styled.span`
  display: inline-flex;
  flex: none;
  align-items: center;
  gap: ${({ theme }) => theme.space.xxs};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 20px;
  white-space: nowrap;
`

const Bars = styled.span`
  display: inline-flex;
  align-items: flex-end;
  gap: 2px;
`

const Bar = styled.span<{ $height: number; $isFull: boolean }>`
  border-radius: 1px;
  background: ${({ theme, $isFull }) =>
    getColor({ theme, variable: $isFull ? 'foreground.default' : 'border.default' })};
  width: 3px;
  height: ${({ $height }) => $height}px;
`

export function ConfidenceLevel({ level }: { level: ActLevel }) {
  const { t } = useTranslation()
  const rank = level === 'off' ? -1 : CONFIDENCE_LEVELS.indexOf(level)
  return (
    <Level>
      <Bars aria-hidden="true">
        {CONFIDENCE_LEVELS.map((name, index) => (
          <Bar key={name} $height={4 + index * 4} $isFull={index <= rank} />
        ))}
      </Bars>
      {t(`detection.level.${level}`)}
    </Level>
  )
}

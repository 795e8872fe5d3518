/** Rows in the heights of the real ones, and not before waiting has become noticeable. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { hairline, VisuallyHidden } from './surface.ts'
import { useTranslation } from './TranslationProvider.tsx'
import { useLateFlag } from './useLateFlag.ts'

const Row = styled.div`
  ${hairline}
  display: flex;
  flex-direction: column;
  justify-content: space-between;
  box-sizing: border-box;
  height: 89px;
  padding: 12px 0;
`

const Bar = styled.span<{ $width: string }>`
  display: block;
  width: ${({ $width }) => $width};
  height: 12px;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};
`

export function SkeletonRows({ count }: { count: number }) {
  const { t } = useTranslation()
  const isLate = useLateFlag()
  return (
    <div>
      <VisuallyHidden as="output">{isLate ? t('states.loading') : ''}</VisuallyHidden>
      {Array.from({ length: count }, (_, index) => (
        <Row key={index} aria-hidden="true">
          {isLate && (
            <>
              <Bar $width="40%" />
              <Bar $width="65%" />
              <Bar $width="30%" />
            </>
          )}
        </Row>
      ))}
    </div>
  )
}

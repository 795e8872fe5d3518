/** How much of the display time is left, as a ring beside the seconds. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'

const RADIUS = 6
const LENGTH = 2 * Math.PI * RADIUS

const Ring = styled.svg`
  flex: none;
  width: 16px;
  height: 16px;
  transform: rotate(-90deg);
  circle {
    fill: none;
    stroke-width: 3;
  }
  .track {
    stroke: ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  }
  .rest {
    stroke: ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
  }
`

export function CountdownRing({ left, total }: { left: number; total: number }) {
  const share = total > 0 ? Math.min(1, left / total) : 0
  return (
    <Ring viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle className="track" cx="8" cy="8" r={RADIUS} />
      <circle
        className="rest"
        cx="8"
        cy="8"
        r={RADIUS}
        strokeDasharray={LENGTH}
        strokeDashoffset={LENGTH * (1 - share)}
      />
    </Ring>
  )
}

/** The look of a list of work: what, why and what to do, one under the other. */
import { styled } from 'styled-components'
import { hairline, subtleText } from '../../shared/surface.ts'

export const WorkList = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    ${hairline}
    padding: ${({ theme }) => theme.space.xs} 0;
    line-height: 20px;
  }
  p {
    margin: 0;
  }
`

export const WorkHead = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: ${({ theme }) => `0 ${theme.space.sm}`};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

export const WorkTimes = styled.span`
  ${subtleText}
  font-variant-numeric: tabular-nums;
  font-weight: ${({ theme }) => theme.fontWeights.regular};
`

export const WorkNext = styled.p`
  ${subtleText}
`

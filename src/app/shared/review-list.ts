/** The look of what waits for a second person: who, what, and the way to decide, one under the other. */
import { styled } from 'styled-components'
import { hairline, subtleText } from './surface.ts'

export const ReviewList = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  > li {
    ${hairline}
    padding: ${({ theme }) => theme.space.sm} 0;
    line-height: 20px;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  p + p {
    margin-top: ${({ theme }) => theme.space.xxs};
  }
`

export const ReviewHead = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: ${({ theme }) => `0 ${theme.space.sm}`};
  h3 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
`

export const ReviewTime = styled.span`
  ${subtleText}
  font-variant-numeric: tabular-nums;
`

export const ReviewNote = styled.p`
  ${subtleText}
`

export const ReviewActs = styled.div`
  margin-top: ${({ theme }) => theme.space.xs};
  > p + div {
    margin-top: ${({ theme }) => theme.space.xs};
  }
`

import { styled } from 'styled-components'

/** Above a part of the page. */
export const Heading = styled.h2`
  margin: ${({ theme }) => `${theme.space.md} 0 ${theme.space.xxs}`};
  font-size: ${({ theme }) => theme.fontSizes.md};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
`

/** The few styles that several features share. Every colour and space comes from Garden's theme. */
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'

export const subtleText = css`
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: ${({ theme }) => theme.lineHeights.sm};
`

export const hairline = css`
  border-bottom: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};
`

/** Read by screen readers, not seen. */
export const VisuallyHidden = styled.span`
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
`

export const SubtleText = styled.p`
  ${subtleText}
  margin: 0;
`

/** One line that ends in an ellipsis rather than push its neighbours. */
export const oneLine = css`
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
`

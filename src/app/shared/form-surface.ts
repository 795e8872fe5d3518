/** The panel that a form opens in, under its row or in its pane, and the line of its buttons. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'

export const FormPanel = styled.form`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  margin: ${({ theme }) => theme.space.xs} 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.raised' })};
  padding: ${({ theme }) => theme.space.sm};
`

export const FormButtons = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
`

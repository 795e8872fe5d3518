/**
 * The place of a document under its row. It has the same height while the document loads, is shown,
 * fails, and is masked but free to come back: the rows beneath stay where they are.
 */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'

/** Room for a page in portrait, with its row still in sight. */
const HEIGHT = 420

export const DocumentFrame = styled.div`
  display: flex;
  flex-direction: column;
  height: ${HEIGHT}px;
  margin: ${({ theme }) => theme.space.xs} 0;
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  overflow: hidden;
`

/** What stands in the frame instead of a page. */
export const InTheMiddle = styled.div`
  display: flex;
  flex: 1;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  gap: ${({ theme }) => theme.space.xs};
  padding: ${({ theme }) => theme.space.md};
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  line-height: 20px;
  text-align: center;
  p {
    margin: 0;
  }
`

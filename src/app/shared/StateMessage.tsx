/** A screen with nothing to work on: a sentence, the next step, perhaps one act. */
import type { ReactNode } from 'react'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { subtleText } from './surface.ts'

const Block = styled.output`
  display: flex;
  flex-direction: column;
  align-items: flex-start;
  gap: ${({ theme }) => theme.space.xxs};
  padding: ${({ theme }) => theme.space.md} 0;
  p {
    margin: 0;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    line-height: 20px;
  }
`

const Next = styled.span`
  ${subtleText}
  line-height: 20px;
`

export function StateMessage(props: { message: string; next?: string; children?: ReactNode }) {
  return (
    <Block>
      <p>{props.message}</p>
      {props.next !== undefined && <Next>{props.next}</Next>}
      {props.children}
    </Block>
  )
}

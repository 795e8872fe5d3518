/** How the form is set: everything in Garden's scale, and room for long words. */
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import { subtleText } from '../../shared/surface.ts'

export const Grid = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr));
  gap: ${({ theme }) => `${theme.space.sm} ${theme.space.md}`};
  align-items: start;
`

export const Stack = styled.div`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  min-width: 0;
`

const groupStyles = css`
  margin: 0;
  border: 0;
  padding: 0;
  min-width: 0;
`

export const Group = styled.fieldset`
  ${groupStyles}
`

export const Legend = styled.legend`
  padding: 0 0 ${({ theme }) => theme.space.xxs};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
  overflow-wrap: anywhere;
`

/** A part of a part: set in by a line, so that one sees where it ends. */
export const Inset = styled.fieldset`
  ${groupStyles}
  border-inline-start: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};
  padding-inline-start: ${({ theme }) => theme.space.sm};
`

export const Panel = styled.div`
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: ${({ theme }) => theme.space.sm};
  min-width: 0;
`

export const Choices = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.space.xxs} ${theme.space.md}`};
`

export const Line = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => `0 ${theme.space.xs}`};
`

/** Room for a sentence, and no more. */
export const Wide = styled.div`
  max-width: 520px;
`

export const Tags = styled.ul`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.space.xxs};
  margin: 0 0 ${({ theme }) => theme.space.xxs};
  padding: 0;
  list-style: none;
  li {
    display: inline-flex;
    align-items: center;
    border-radius: ${({ theme }) => theme.borderRadii.md};
    background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
    padding-inline-start: ${({ theme }) => theme.space.xs};
    max-width: 100%;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
`

export const Before = styled.span`
  ${subtleText}
  display: block;
  overflow-wrap: anywhere;
`

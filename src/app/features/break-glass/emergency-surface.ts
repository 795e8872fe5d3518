/** The look of an emergency, in forms and banners: tinted red, with words and an icon besides. */
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import { FormPanel } from '../../shared/form-surface.ts'

const tinted = css`
  border-color: ${({ theme }) => getColor({ theme, variable: 'border.danger' })};
  background: ${({ theme }) => getColor({ theme, variable: 'background.danger' })};
`

export const EmergencyForm = styled(FormPanel)`
  && {
    ${tinted}
  }
`

export const EmergencyHead = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  line-height: 20px;
  h3,
  p {
    margin: 0;
  }
  h3 {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
  }
`

export const EmergencyBanner = styled(EmergencyHead)`
  ${tinted}
  margin: ${({ theme }) => theme.space.xs} 0;
  border-width: 1px;
  border-style: solid;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: ${({ theme }) => theme.space.xs} ${({ theme }) => theme.space.sm};
  font-variant-numeric: tabular-nums;
  p + p {
    margin-top: ${({ theme }) => theme.space.xxs};
  }
`

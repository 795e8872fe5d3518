/** One choice of a few, as chips. Real radio buttons underneath: arrows move, forms read them. */
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { Fault } from './ErrorSentence.tsx'

const Group = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
  min-width: 0;
  legend {
    padding: 0 0 ${({ theme }) => theme.space.xxs};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
`

const Chips = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.space.xxs};
`

const Chip = styled.label`
  position: relative;
  display: inline-block;
  cursor: pointer;
  input {
    position: absolute;
    inset: 0;
    opacity: 0;
    margin: 0;
    cursor: pointer;
  }
  span {
    display: block;
    border: ${({ theme }) => theme.borders.sm}
      ${({ theme }) => getColor({ theme, variable: 'border.default', dark: { offset: -100 }, light: { offset: 100 } })};
    border-radius: 100px;
    padding: 0 ${({ theme }) => theme.space.sm};
    font-size: ${({ theme }) => theme.fontSizes.sm};
    line-height: 26px;
  }
  input:hover + span {
    border-color: ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
  }
  input:checked + span {
    border-color: ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
    background: ${({ theme }) =>
      getColor({
        theme,
        variable: 'background.primaryEmphasis',
        transparency: theme.opacity[100],
      })};
    color: ${({ theme }) =>
      getColor({
        theme,
        variable: 'foreground.primary',
        light: { offset: 200 },
        dark: { offset: -200 },
      })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  ${({ theme }) => focusStyles({ theme, selector: 'input:focus-visible + span' })}
`

export type ChoiceChipsProps = {
  legend: string
  name: string
  options: readonly { value: string; label: string }[]
  value: string | null
  onChange: (value: string) => void
  /** Shown under the chips when the choice is missing. */
  error?: string
  /** The first chip takes the focus when the form opens. */
  hasAutoFocus?: boolean
}

export function ChoiceChips(props: ChoiceChipsProps) {
  return (
    <Group>
      <legend>{props.legend}</legend>
      <Chips>
        {props.options.map(({ value, label }, index) => (
          <Chip key={value}>
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={props.value === value}
              // The form opens by the person's own act, and the keyboard continues there.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus={props.hasAutoFocus === true && index === 0}
              onChange={() => props.onChange(value)}
            />
            <span>{label}</span>
          </Chip>
        ))}
      </Chips>
      {props.error !== undefined && <Fault>{props.error}</Fault>}
    </Group>
  )
}

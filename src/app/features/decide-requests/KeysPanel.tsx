/** Which keys do what. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { TranslationKey } from '../../shared/translation.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Keys = styled.dl`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(208px, 1fr));
  gap: ${({ theme }) => `${theme.space.xxs} ${theme.space.sm}`};
  margin: 0 0 ${({ theme }) => theme.space.sm};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  padding: ${({ theme }) => theme.space.sm};
  div {
    display: flex;
    gap: ${({ theme }) => theme.space.sm};
  }
  dt {
    font-family: ${({ theme }) => theme.fonts.mono};
  }
  dd {
    margin: 0;
  }
`

const KEYS: readonly (readonly [key: string, does: TranslationKey])[] = [
  ['j', 'decide.key.next'],
  ['k', 'decide.key.previous'],
  ['n', 'decide.key.newest'],
  ['a', 'decide.key.approve'],
  ['d', 'decide.key.deny'],
  ['c', 'decide.key.claim'],
  ['b', 'decide.key.all_of_ticket'],
  ['r', 'decide.key.revoke'],
  ['/', 'decide.key.find'],
  ['?', 'decide.key.keys'],
]

export function KeysPanel() {
  const { t } = useTranslation()
  return (
    <Keys>
      {KEYS.map(([key, does]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{t(does)}</dd>
        </div>
      ))}
    </Keys>
  )
}

/** Which keys do what. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Keys = styled.dl`
  display: grid;
  grid-template-columns: auto 1fr;
  gap: ${({ theme }) => `${theme.space.xxs} ${theme.space.sm}`};
  margin: 0 0 ${({ theme }) => theme.space.sm};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
  padding: ${({ theme }) => theme.space.sm};
  dt {
    font-family: ${({ theme }) => theme.fonts.mono};
  }
  dd {
    margin: 0;
  }
`

export function KeysPanel() {
  const { t } = useTranslation()
  return (
    <Keys>
      <dt>j</dt>
      <dd>{t('decide.key.next')}</dd>
      <dt>k</dt>
      <dd>{t('decide.key.previous')}</dd>
      <dt>n</dt>
      <dd>{t('decide.key.newest')}</dd>
      <dt>a</dt>
      <dd>{t('decide.key.approve')}</dd>
      <dt>d</dt>
      <dd>{t('decide.key.deny')}</dd>
      <dt>c</dt>
      <dd>{t('decide.key.claim')}</dd>
      <dt>b</dt>
      <dd>{t('decide.key.all_of_ticket')}</dd>
      <dt>/</dt>
      <dd>{t('decide.key.find')}</dd>
      <dt>?</dt>
      <dd>{t('decide.key.keys')}</dd>
    </Keys>
  )
}

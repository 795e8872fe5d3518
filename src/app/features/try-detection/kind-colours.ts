/** One of Garden's hues for each group of kinds: money, who somebody is, where they are, secrets. */
import { getColor } from '@zendeskgarden/react-theming'
import type { DefaultTheme } from 'styled-components'
import { css } from 'styled-components'
import type { DetectedKind } from '../../../detect/span.ts'

type Hue = 'azure' | 'purple' | 'green' | 'crimson' | 'lemon'

const HUES: Record<DetectedKind, Hue> = {
  payment_card: 'azure',
  card_verification_code: 'azure',
  card_expiry: 'azure',
  bank_account: 'azure',
  crypto_wallet: 'azure',
  national_id: 'purple',
  identity_document: 'purple',
  date_of_birth: 'purple',
  medical_id: 'purple',
  phone: 'green',
  email: 'green',
  address: 'green',
  ip_address: 'green',
  mac_address: 'green',
  credential: 'crimson',
  other: 'lemon',
}

/** The ground behind a value and the line beneath it. */
export function kindColours(theme: DefaultTheme, kind: DetectedKind) {
  const hue = HUES[kind]
  return css`
    background: ${getColor({ theme, hue, light: { shade: 200 }, dark: { shade: 900 } })};
    box-shadow: inset 0 -2px
      ${getColor({ theme, hue, light: { shade: 600 }, dark: { shade: 500 } })};
  `
}

/** Of what policy does not act on: no colour, and a broken line. */
export function ignoredColours(theme: DefaultTheme) {
  return css`
    background: ${getColor({ theme, variable: 'background.subtle' })};
    text-decoration: underline dashed 1px ${getColor({ theme, variable: 'border.emphasis' })};
    text-underline-offset: 3px;
  `
}

/**
 * The page that Scrim's first paint is measured against: one Garden heading and one button, built
 * and served exactly as the app is, and like it started by the host's client.
 */
import '../../src/app/style-nonce.ts'
import { createRoot } from 'react-dom/client'
import { Button } from '@zendeskgarden/react-buttons'
import { DEFAULT_THEME, ThemeProvider } from '@zendeskgarden/react-theming'
import { XL } from '@zendeskgarden/react-typography'
import { hostClient } from '../../src/zaf/host-client.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the endpoint’s page has a root')

createRoot(root).render(
  <ThemeProvider theme={DEFAULT_THEME}>
    {/* Naming the client starts it. */}
    <XL tag="h1">{hostClient === null ? 'No host' : 'Reference'}</XL>
    <Button>Painted</Button>
  </ThemeProvider>,
)

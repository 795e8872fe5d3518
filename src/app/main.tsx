/** The app's composition root: the page's data, the real fetch, the host's client, one location. */
import './style-nonce.ts'
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import type { Location } from '../contract/session.ts'
import { hostClient } from '../zaf/host-client.ts'
import { App } from './App.tsx'
import { appearanceFromAddress } from './appearance.tsx'
import { takePageData } from './page-data.ts'
import { createEndpointClient } from './shared/endpoint-client.ts'
import { loadLocale, pickLocale } from './shared/translation.ts'

const LOCATIONS: Record<Location, () => Promise<{ default: ComponentType }>> = {
  ticket_sidebar: async () => ({
    default: (await import('./locations/TicketSidebar.tsx')).TicketSidebar,
  }),
  nav_bar: async () => ({ default: (await import('./locations/NavBar.tsx')).NavBar }),
  background: async () => ({ default: (await import('./locations/Background.tsx')).Background }),
}

const page = takePageData(document)
// Both start now: neither needs React to be there.
const loadingLocation = LOCATIONS[page.location]()
const guessed = pickLocale(appearanceFromAddress(window.location.search).locale)
const needsAllWords = page.location !== 'ticket_sidebar'
if (guessed !== 'en' || needsAllWords) void loadLocale(guessed)

const root = document.getElementById('root') ?? document.body.appendChild(newRoot())

createRoot(root).render(
  <App
    client={hostClient}
    deps={{
      endpoint: createEndpointClient({
        fetch: window.fetch.bind(window),
        credential: page.session?.credential ?? null,
        refusal: page.refusal,
      }),
      newId: () => crypto.randomUUID(),
    }}
    Location={lazy(() => loadingLocation)}
    needsAllWords={needsAllWords}
    search={window.location.search}
  />,
)

function newRoot(): HTMLElement {
  const element = document.createElement('div')
  element.id = 'root'
  return element
}

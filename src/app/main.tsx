/**
 * The app's composition root, and its first and smallest script: the page's data, the real fetch, the
 * host's client. It asks the first question while React and the screen are still on their way.
 */
import './style-nonce.ts'
import type { ComponentType } from 'react'
import type { Location } from '../contract/session.ts'
import type { ClientContext } from '../zaf/client.ts'
import { hostClient } from '../zaf/host-client.ts'
import { askAhead } from './ask-ahead.ts'
import { takePageData } from './page-data.ts'
import { createEndpointClient } from './shared/endpoint-client.ts'

const LOCATIONS: Record<Location, () => Promise<ComponentType>> = {
  ticket_sidebar: async () => (await import('./locations/TicketSidebar.tsx')).TicketSidebar,
  nav_bar: async () => (await import('./locations/NavBar.tsx')).NavBar,
  background: async () => (await import('./locations/Background.tsx')).Background,
}

const page = takePageData(document)
const endpoint = createEndpointClient({
  fetch: window.fetch.bind(window),
  credential: page.session?.credential ?? null,
  refusal: page.refusal,
})
const isSidebar = page.location === 'ticket_sidebar'

let registered: ClientContext | null = null

async function pathOfTicket(): Promise<string | null> {
  registered = (await hostClient?.context()) ?? null
  const ticketId = registered?.ticketId
  return ticketId === undefined ? null : `/tickets/${ticketId}/protected-fields`
}

const deps = {
  endpoint: isSidebar ? askAhead(endpoint, pathOfTicket()) : endpoint,
  newId: () => crypto.randomUUID(),
}
const loadingLocation = LOCATIONS[page.location]()

void import('./render.tsx').then(({ render }) =>
  render({
    client: hostClient,
    // Not before this: by now the host may have answered.
    registered,
    deps,
    loadingLocation,
    needsAllWords: !isSidebar,
    search: window.location.search,
  }),
)

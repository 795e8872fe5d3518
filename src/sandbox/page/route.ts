/** Where one is in the page: `/?as=104&theme=dark#/tickets/4001`. No cookie and no storage knows. */
import { useSyncExternalStore } from 'react'
import type { ColorScheme } from '../host/workspace.ts'

export const VIEWS = ['unsolved', 'mine', 'pending', 'solved', 'all'] as const
export type ViewName = (typeof VIEWS)[number]

export type Route =
  { place: 'view'; view: ViewName } | { place: 'ticket'; ticketId: number } | { place: 'nav_bar' }

export function parseRoute(hash: string): Route {
  const [, place, name] = /^#\/(\w+)(?:\/(\w+))?/.exec(hash) ?? []
  if (place === 'tickets' && /^\d{1,15}$/.test(name ?? '')) {
    return { place: 'ticket', ticketId: Number(name) }
  }
  if (place === 'apps') return { place: 'nav_bar' }
  return { place: 'view', view: VIEWS.find((view) => view === name) ?? 'unsolved' }
}

export function formatRoute(route: Route): string {
  switch (route.place) {
    case 'ticket':
      return `#/tickets/${route.ticketId}`
    case 'nav_bar':
      return '#/apps/scrim'
    case 'view':
      return `#/views/${route.view}`
  }
}

export function goTo(route: Route): void {
  window.location.hash = formatRoute(route)
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash))
}

/** Who the address says one is; null opens the chooser. */
export function personInAddress(): number | null {
  const id = Number(new URLSearchParams(window.location.search).get('as'))
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

export function colorSchemeInAddress(): ColorScheme {
  return new URLSearchParams(window.location.search).get('theme') === 'dark' ? 'dark' : 'light'
}

/** The address of the same place as someone else. */
export function addressAs(personId: number, hash = window.location.hash): string {
  const query = new URLSearchParams(window.location.search)
  query.set('as', String(personId))
  return `/?${query.toString()}${hash}`
}

/** Remembers the colour scheme in the address, without a reload. */
export function keepColorScheme(colorScheme: ColorScheme): void {
  const query = new URLSearchParams(window.location.search)
  if (colorScheme === 'dark') query.set('theme', 'dark')
  else query.delete('theme')
  window.history.replaceState(null, '', `/?${query.toString()}${window.location.hash}`)
}

/** Draws the app into the page, in one go once its location is there. */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import type { AppProps } from './App.tsx'
import { appearanceFromAddress } from './appearance.tsx'
import { loadLocale, pickLocale } from './shared/translation.ts'

export async function render(
  props: Omit<AppProps, 'Location'> & { loadingLocation: Promise<ComponentType> },
): Promise<void> {
  const { loadingLocation, ...app } = props
  const guessed = pickLocale(appearanceFromAddress(app.search).locale)
  if (guessed !== 'en' || app.needsAllWords) void loadLocale(guessed)

  // What cannot be loaded fails inside the app, whose boundary says so.
  const Location = await loadingLocation.catch((error: unknown) =>
    lazy(() => Promise.reject<{ default: ComponentType }>(error)),
  )
  const root = document.getElementById('root') ?? document.body.appendChild(newRoot())
  createRoot(root).render(<App {...app} Location={Location} />)
}

function newRoot(): HTMLElement {
  const element = document.createElement('div')
  element.id = 'root'
  return element
}

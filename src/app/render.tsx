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
  // While all this code ran, the first answer may have come: two turns hand it over, and what would be
  // an empty list first is drawn once.
  await turn()
  await turn()
  const root = document.getElementById('root') ?? document.body.appendChild(newRoot())
  createRoot(root).render(<App {...app} Location={Location} />)
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve)
  })
}

function newRoot(): HTMLElement {
  const element = document.createElement('div')
  element.id = 'root'
  return element
}

/** The app at its location: language, colours, the endpoint and the host, around one lazy screen. */
import { Suspense, useEffect } from 'react'
import type { ComponentType } from 'react'
import type { Client, ClientContext } from '../zaf/client.ts'
import { ClientProvider, useClient } from '../zaf/ClientProvider.tsx'
import { useClientEvent } from '../zaf/useClientEvent.ts'
import { Appearance, useAppearanceState } from './appearance.tsx'
import type { ColorScheme } from './appearance.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { EndpointProvider } from './shared/EndpointProvider.tsx'
import type { AppDeps } from './shared/EndpointProvider.tsx'
import { StateMessage } from './shared/StateMessage.tsx'
import { directionOf, localeShown } from './shared/translation.ts'
import { TranslationProvider, useTranslation } from './shared/TranslationProvider.tsx'

export type AppProps = {
  /** null where no host is around. */
  client: Client | null
  /** What the host said when it registered the app; null when it has not yet. */
  registered?: ClientContext | null
  deps: AppDeps
  Location: ComponentType
  /** See TranslationProvider. */
  needsAllWords: boolean
  /** The query of the frame's address. */
  search: string
}

export function App({ client, registered, deps, Location, needsAllWords, search }: AppProps) {
  const { colorScheme, setColorScheme, locale, setLocale } = useAppearanceState(search)
  const isLocaleFixed = new URLSearchParams(search).has('locale')
  return (
    <Appearance
      colorScheme={colorScheme}
      locale={localeShown(locale)}
      direction={directionOf(locale)}
    >
      <TranslationProvider locale={locale} needsAllWords={needsAllWords}>
        <ErrorBoundary fallback={<Broken />}>
          {client === null ? (
            <NoHost />
          ) : (
            <ClientProvider client={client} registered={registered}>
              <HostAppearance
                onColorScheme={setColorScheme}
                onLocale={isLocaleFixed ? undefined : setLocale}
              />
              <EndpointProvider value={deps}>
                <Suspense fallback={null}>
                  <Location />
                </Suspense>
              </EndpointProvider>
            </ClientProvider>
          )}
        </ErrorBoundary>
      </TranslationProvider>
    </Appearance>
  )
}

/** Follows the host's colour scheme, and takes the person's language from it once. */
function HostAppearance(props: {
  onColorScheme: (colorScheme: ColorScheme) => void
  onLocale: ((locale: string) => void) | undefined
}) {
  const client = useClient()
  const { onColorScheme, onLocale } = props
  useClientEvent('colorScheme.changed', (colorScheme) => {
    if (colorScheme === 'light' || colorScheme === 'dark') onColorScheme(colorScheme)
  })
  useEffect(() => {
    if (onLocale === undefined) return
    client.get('currentUser').then(
      ({ currentUser }) => {
        const locale = (currentUser as { locale?: unknown } | null)?.locale
        return typeof locale === 'string' && locale !== '' ? onLocale(locale) : undefined
      },
      () => undefined,
    )
  }, [client, onLocale])
  return null
}

function NoHost() {
  const { t } = useTranslation()
  return (
    <main>
      <StateMessage message={t('states.no_host')} next={t('states.no_host_next')} />
    </main>
  )
}

function Broken() {
  const { t } = useTranslation()
  return (
    <main>
      <StateMessage message={t('states.broken')} next={t('states.broken_next')} />
    </main>
  )
}

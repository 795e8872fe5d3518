/** Features that load on demand arrive together with the words they need. */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { loadLocale, pickLocale } from './translation.ts'

/**
 * Like `lazy`, but also waits for the whole file of the document's language. `preload` starts loading
 * before the component is asked for.
 */
export function lazyFeature<Props>(load: () => Promise<ComponentType<Props>>) {
  let started: Promise<{ default: ComponentType<Props> }> | null = null
  const preload = () => {
    started ??= Promise.all([load(), loadLocale(pickLocale(document.documentElement.lang))]).then(
      ([component]) => ({ default: component }),
    )
    return started
  }
  return Object.assign(lazy(preload), { preload })
}

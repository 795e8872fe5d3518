/** Features that load on demand arrive together with the words they need. */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { loadLocale, pickLocale } from './translation.ts'

const TRIES = 6
const FIRST_RETRY_MS = 1_000

/**
 * Like `lazy`, but also waits for the whole file of the document's language, and asks again for half a
 * minute where an outage came between: React keeps a component that failed to load as failed for good.
 * `preload` starts loading before the component is asked for.
 */
export function lazyFeature<Props>(load: () => Promise<ComponentType<Props>>) {
  let started: Promise<{ default: ComponentType<Props> }> | null = null
  const preload = () => {
    started ??= Promise.all([load(), loadLocale(pickLocale(document.documentElement.lang))]).then(
      ([component]) => ({ default: component }),
    )
    started.catch(() => {
      started = null
    })
    return started
  }
  const untilThere = async (failures = 0): Promise<{ default: ComponentType<Props> }> => {
    try {
      return await preload()
    } catch (error) {
      if (failures + 1 >= TRIES) throw error
      await new Promise((resolve) => {
        setTimeout(resolve, FIRST_RETRY_MS * 2 ** failures)
      })
      return untilThere(failures + 1)
    }
  }
  return Object.assign(
    lazy(() => untilThere()),
    { preload },
  )
}

/**
 * Has the save guard asked before each save. A part of the first paint, and little for it: the guard,
 * its words and the detector are fetched after that, or when the first save wants them.
 */
import { Suspense, useCallback, useEffect, useState } from 'react'
import type { SaveAnswer } from '../../../zaf/useSaveHook.ts'
import { useSaveHook } from '../../../zaf/useSaveHook.ts'
import { lazyFeature } from '../../shared/lazy-feature.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { SaveGuardProps } from './SaveGuard.tsx'

const LazySaveGuard = lazyFeature(async () => (await import('./SaveGuard.tsx')).SaveGuard)

type Check = () => Promise<SaveAnswer>

/** After what the sidebar itself fetches. */
const PRELOAD_MS = 2_000

export function GuardedSave(props: Omit<SaveGuardProps, 'onReady'>) {
  const { t } = useTranslation()
  const [isLoaded, setIsLoaded] = useState(false)
  const [ready] = useState(() => {
    let resolve: (check: Check) => void = () => undefined
    const check = new Promise<Check>((settle) => {
      resolve = settle
    })
    return { check, resolve }
  })
  const load = useCallback(async () => {
    await LazySaveGuard.preload()
    setIsLoaded(true)
  }, [])
  useEffect(() => {
    const timer = setTimeout(() => load().catch(() => undefined), PRELOAD_MS)
    return () => clearTimeout(timer)
  }, [load])
  useSaveHook(
    async () => {
      await load()
      return (await ready.check)()
    },
    // Without the guard nobody has asked what policy wants: nothing goes out unchecked.
    () => t('states.guard_unable'),
  )
  return (
    isLoaded && (
      <Suspense fallback={null}>
        <LazySaveGuard {...props} onReady={ready.resolve} />
      </Suspense>
    )
  )
}

import { usePageState } from '../PageModelProvider.tsx'

/** The sandbox's time in milliseconds, a few seconds old at most. */
export function useSandboxNow(): number {
  return usePageState((state) => state.nowMs)
}

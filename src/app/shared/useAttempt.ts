/** The state of an async act as data, so that every screen renders all four. */
import { useCallback, useEffect, useRef, useState } from 'react'

export type Attempt<Data> =
  | { status: 'empty' }
  | { status: 'processing' }
  | { status: 'success'; data: Data }
  | { status: 'error'; error: unknown }

/**
 * `run` starts the act and resolves to its data, or to undefined when it failed: the failure is in the
 * attempt. `clear` goes back to empty. Nothing is set after the component has gone.
 */
export function useAttempt<Args extends unknown[], Data>(
  act: (...args: Args) => Promise<Data>,
): [Attempt<Data>, (...args: Args) => Promise<Data | undefined>, () => void] {
  const [attempt, setAttempt] = useState<Attempt<Data>>({ status: 'empty' })
  const newest = useRef(act)
  const isMounted = useRef(true)
  useEffect(() => {
    newest.current = act
  })
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
    }
  }, [])
  const run = useCallback(async (...args: Args) => {
    setAttempt({ status: 'processing' })
    try {
      const data = await newest.current(...args)
      if (isMounted.current) setAttempt({ status: 'success', data })
      return data
    } catch (error) {
      if (isMounted.current) setAttempt({ status: 'error', error })
      return undefined
    }
  }, [])
  const clear = useCallback(() => setAttempt({ status: 'empty' }), [])
  return [attempt, run, clear]
}

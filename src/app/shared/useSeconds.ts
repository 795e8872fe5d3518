/** Countdowns. They run on `performance.now()` and seconds the server sent, never on the machine's clock. */
import { useEffect, useState } from 'react'

/** Renders again about once a second, and returns `performance.now()` of that moment. */
export function useTick(): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** Whole seconds until `deadline` (`performance.now()` scale), rounded up, never negative. */
export function secondsUntil(deadline: number, now: number): number {
  return Math.max(0, Math.ceil((deadline - now) / 1000))
}

/** Whether anybody can be looking: the page is visible and the host shows the app. */
import { useEffect, useState } from 'react'
import { useClientEvent } from '../../zaf/useClientEvent.ts'
import { useEndpoint } from './EndpointProvider.tsx'

/** Well inside the fifteen minutes after which an unused session ends. */
const KEEP_ALIVE_MS = 8 * 60 * 1000

export function useIsActive(): boolean {
  const [isVisible, setIsVisible] = useState(document.visibilityState !== 'hidden')
  const [isActivated, setIsActivated] = useState(true)
  useEffect(() => {
    const onChange = () => setIsVisible(document.visibilityState !== 'hidden')
    document.addEventListener('visibilitychange', onChange)
    return () => document.removeEventListener('visibilitychange', onChange)
  }, [])
  useClientEvent('app.activated', () => setIsActivated(true))
  useClientEvent('app.deactivated', () => setIsActivated(false))
  return isVisible && isActivated
}

/** While polling pauses, asks for something cheap often enough that the session is there on return. */
export function useSessionKeptAlive(isActive: boolean): void {
  const { endpoint } = useEndpoint()
  useEffect(() => {
    if (isActive) return undefined
    const timer = setInterval(() => {
      endpoint.get('/me').catch(() => undefined)
    }, KEEP_ALIVE_MS)
    return () => clearInterval(timer)
  }, [endpoint, isActive])
}

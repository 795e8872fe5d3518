import { useEffect } from 'react'
import type { RefObject } from 'react'
import { useClient } from './ClientProvider.tsx'

/** Keeps the frame as high as an element: tells the host whenever its height changes. */
export function useClientHeight(element: RefObject<HTMLElement>): void {
  const client = useClient()
  useEffect(() => {
    const node = element.current
    if (node === null) return undefined
    let lastHeight = 0
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(node.getBoundingClientRect().height)
      if (height === lastHeight || height === 0) return
      lastHeight = height
      client.invoke('resize', { width: '100%', height: `${height}px` }).catch(() => undefined)
    })
    observer.observe(node)
    return () => observer.disconnect()
  }, [client, element])
}

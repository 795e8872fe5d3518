import { useEffect, useRef } from 'react'

const TYPED_INTO = 'textarea, select, input:not([type=checkbox]):not([type=radio])'

/** Single keys, only while nobody types and no other key is held. A key held down acts once. */
export function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const newest = useRef(keys)
  useEffect(() => {
    newest.current = keys
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const { target } = event
      if (target instanceof Element && target.closest(TYPED_INTO) !== null) return
      const act = newest.current[event.key]
      if (act === undefined) return
      event.preventDefault()
      if (!event.repeat || MAY_REPEAT.has(event.key)) act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Moving through the list. A decision takes a press of its own. */
const MAY_REPEAT: ReadonlySet<string> = new Set(['j', 'k'])

/** Says to screen readers what others see happen. Never a value. */
import { useCallback, useState } from 'react'
import { VisuallyHidden } from './surface.ts'

export function useAnnouncer(): [string, (text: string) => void] {
  const [text, setText] = useState('')
  const announce = useCallback((next: string) => setText(next), [])
  return [text, announce]
}

export function LiveRegion({ text }: { text: string }) {
  return (
    <VisuallyHidden as="output" aria-live="polite">
      {text}
    </VisuallyHidden>
  )
}

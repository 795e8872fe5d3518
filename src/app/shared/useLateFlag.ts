import { useEffect, useState } from 'react'

const PATIENCE_MS = 300

/** False at first, true once waiting has taken long enough to be worth showing. */
export function useLateFlag(): boolean {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return isLate
}

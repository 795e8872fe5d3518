/** A restricted note that is not saved yet. It lives in memory alone: no storage of the browser has it. */
import { useEffect } from 'react'
import type { SensitivityClass } from '../../../core/protected-field.ts'

export type NoteDraft = {
  text: string
  sensitivityClass: SensitivityClass
  /** Of this text and class: sending them again, after an answer that got lost, is one note. */
  attemptId: string
}

/** Has the browser ask before it leaves a page with an unsaved text. */
export function useLeaveWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isUnsaved])
}

/** A restricted note that is not saved yet. It lives in memory alone: no storage of the browser has it. */
import type { SensitivityClass } from '../../../core/protected-field.ts'

export type NoteDraft = {
  text: string
  sensitivityClass: SensitivityClass
  /** Of this text and class: sending them again, after an answer that got lost, is one note. */
  attemptId: string
}

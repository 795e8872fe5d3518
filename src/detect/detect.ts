/** Finds every kind of sensitive value in free text. */
import { createDetector } from './detector.ts'
import { RULES } from './rules.ts'

export const detect = createDetector(RULES)

/**
 * Finds what nobody has in a signature: the kinds that a save guard asks about unless policy adds contact
 * data or machines' addresses. Smaller by their rules and words, for it loads beside every ticket.
 */
import { createDetector } from './detector.ts'
import { VALUE_RULES } from './value-rules.ts'

export const detectValues = createDetector(VALUE_RULES)

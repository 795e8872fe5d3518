/**
 * Every rule there is. A new kind of value is one file under `rules/` and one line in `value-rules.ts` or
 * `contact-rules.ts`.
 */
import { CONTACT_RULES } from './contact-rules.ts'
import type { Rule } from './rule.ts'
import { VALUE_RULES } from './value-rules.ts'

export const RULES: readonly Rule[] = [...VALUE_RULES, ...CONTACT_RULES]

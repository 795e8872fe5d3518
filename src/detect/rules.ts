/** Every rule there is. A new kind of value is one file under `rules/` and one line here. */
import type { Rule } from './rule.ts'
import { emailRules } from './rules/email.ts'
import { paymentCardRules } from './rules/payment-card.ts'
import { phoneRules } from './rules/phone.ts'
import { vendorKeyRules } from './rules/vendor-key.ts'

export const RULES: readonly Rule[] = [
  ...paymentCardRules,
  ...emailRules,
  ...phoneRules,
  ...vendorKeyRules,
]

/** The rules of what people and machines are reached by, and what a signature or a log is full of. */
import type { Rule } from './rule.ts'
import { ipAddressRules } from './rules/ip-address.ts'
import { phoneRules } from './rules/phone.ts'
import { postalAddressRules } from './rules/postal-address.ts'
import { macAddressRules } from './rules/mac-address.ts'

export const CONTACT_RULES: readonly Rule[] = [
  ...ipAddressRules,
  ...macAddressRules,
  ...phoneRules,
  ...postalAddressRules,
]

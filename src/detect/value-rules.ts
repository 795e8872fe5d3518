/**
 * The rules of all kinds but those in `contact-rules.ts`. Files that are alike are imported side by side:
 * that makes the bundle smaller where it travels.
 */
import type { Rule } from './rule.ts'
import { dateOfBirthRules } from './rules/date-of-birth.ts'
import { taxIdRules } from './rules/tax-id.ts'
import { identityDocumentRules } from './rules/identity-document.ts'
import { bankAccountRules } from './rules/bank-account.ts'
import { medicalIdRules } from './rules/medical-id.ts'
import { nationalIdRules } from './rules/national-id.ts'
import { paymentCardRules } from './rules/payment-card.ts'
import { cardSecurityRules } from './rules/card-security.ts'
import { emailRules } from './rules/email.ts'
import { passwordRules } from './rules/password.ts'
import { connectionStringRules, innerMarkRules } from './rules/connection-string.ts'
import { authorizationRules } from './rules/authorization.ts'
import { jwtRules } from './rules/jwt.ts'
import { privateKeyRules } from './rules/private-key.ts'
import { cryptoWalletRules } from './rules/crypto-wallet.ts'
import { vendorKeyRules } from './rules/vendor-key.ts'

export const VALUE_RULES: readonly Rule[] = [
  ...paymentCardRules,
  ...emailRules,
  ...cardSecurityRules,
  ...cryptoWalletRules,
  ...dateOfBirthRules,
  ...identityDocumentRules,
  ...vendorKeyRules,
  ...authorizationRules,
  ...connectionStringRules,
  ...innerMarkRules,
  ...jwtRules,
  ...passwordRules,
  ...privateKeyRules,
  ...bankAccountRules,
  ...nationalIdRules,
  ...taxIdRules,
  ...medicalIdRules,
]

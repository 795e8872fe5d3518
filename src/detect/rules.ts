/**
 * Every rule there is. A new kind of value is one file under `rules/` and one line here. Files that are
 * alike are imported side by side: that makes the bundle half a kilobyte smaller where it travels as gzip.
 */
import type { Rule } from './rule.ts'
import { dateOfBirthRules } from './rules/date-of-birth.ts'
import { taxIdRules } from './rules/tax-id.ts'
import { identityDocumentRules } from './rules/identity-document.ts'
import { bankAccountRules } from './rules/bank-account.ts'
import { medicalIdRules } from './rules/medical-id.ts'
import { ipAddressRules } from './rules/ip-address.ts'
import { nationalIdRules } from './rules/national-id.ts'
import { paymentCardRules } from './rules/payment-card.ts'
import { cardSecurityRules } from './rules/card-security.ts'
import { emailRules } from './rules/email.ts'
import { phoneRules } from './rules/phone.ts'
import { passwordRules } from './rules/password.ts'
import { postalAddressRules } from './rules/postal-address.ts'
import { connectionStringRules, innerMarkRules } from './rules/connection-string.ts'
import { macAddressRules } from './rules/mac-address.ts'
import { authorizationRules } from './rules/authorization.ts'
import { jwtRules } from './rules/jwt.ts'
import { privateKeyRules } from './rules/private-key.ts'
import { cryptoWalletRules } from './rules/crypto-wallet.ts'
import { vendorKeyRules } from './rules/vendor-key.ts'

export const RULES: readonly Rule[] = [
  ...paymentCardRules,
  ...emailRules,
  ...cardSecurityRules,
  ...cryptoWalletRules,
  ...dateOfBirthRules,
  ...identityDocumentRules,
  ...ipAddressRules,
  ...macAddressRules,
  ...phoneRules,
  ...postalAddressRules,
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

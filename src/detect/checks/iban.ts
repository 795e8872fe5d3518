import { ValidationErrorsIBAN, validateIBAN } from 'ibantools'

/**
 * Whether `compact` is an IBAN (ISO 13616): its country's length and structure, and ISO 7064 MOD 97-10.
 * Upper case, no separators. National check digits inside the account are not asked: banks differ from
 * their country's rule, and a number that everything else says is an IBAN is treated as one.
 */
export function isIban(compact: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact)) return false
  return validateIBAN(compact).errorCodes.every(
    (code) => code === ValidationErrorsIBAN.WrongAccountBankBranchChecksum,
  )
}

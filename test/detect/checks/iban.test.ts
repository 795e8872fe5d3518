import { countrySpecs, validateIBAN, ValidationErrorsIBAN } from 'ibantools'
import { describe, expect, it } from 'vitest'
import { isIban } from '../../../src/detect/checks/iban.ts'

/** Examples of the ISO 13616 registry. */
const REGISTRY = [
  'BE68539007547034',
  'CH9300762011623852957',
  'DE89370400440532013000',
  'ES9121000418450200051332',
  'FR1420041010050500013M02606',
  'GB82WEST12345698765432',
  'MT84MALT011000012345MTLCAST001S',
  'NL91ABNA0417164300',
  'NO9386011117947',
  'SE4550000000058398257466',
]

describe('an IBAN', () => {
  it.each(REGISTRY)('%s of the registry is one', (iban) => {
    expect(isIban(iban)).toBe(true)
  })

  it('with one digit changed is none', () => {
    const changed = REGISTRY.flatMap((iban) =>
      Array.from(iban, (character, at) => ({ iban, character, at }))
        .filter(({ character }) => /\d/.test(character))
        .map(({ iban: whole, character, at }) => {
          const other = (Number(character) + 1) % 10
          return whole.slice(0, at) + other + whole.slice(at + 1)
        }),
    )
    expect(changed.filter(isIban)).toEqual([])
  })

  it('with two neighbours changed for each other is none', () => {
    const transposed = REGISTRY.flatMap((iban) =>
      Array.from(
        iban,
        (_, at) =>
          iban.slice(0, at) +
          iban
            .slice(at, at + 2)
            .split('')
            .reverse()
            .join('') +
          iban.slice(at + 2),
      ).filter((other) => other !== iban),
    )
    expect(transposed.filter(isIban)).toEqual([])
  })

  it('cut short or run on is none', () => {
    const resized = REGISTRY.flatMap((iban) => [
      iban.slice(0, -1),
      `${iban}0`,
      `${iban}A`,
      ` ${iban}`,
    ])
    expect(resized.filter(isIban)).toEqual([])
  })

  it('of no country, in lower case, or of nothing at all is none', () => {
    const none = ['', 'GB', 'ZZ82WEST12345698765432', 'gb82west12345698765432', '4'.repeat(100_000)]
    expect(none.filter(isIban)).toEqual([])
  })

  it('is what an independent library takes for one, in every country of the registry', () => {
    const made = Object.entries(countrySpecs)
      .filter(([, { IBANRegistry }]) => IBANRegistry === true)
      .flatMap(([country, { chars }]) =>
        [-1, 0, 1].map((more) => withCheckDigits(country, (chars ?? 0) + more - 4)),
      )
    const others = made.filter(
      (iban) =>
        isIban(iban) !==
        validateIBAN(iban).errorCodes.every(
          (code) => code === ValidationErrorsIBAN.WrongAccountBankBranchChecksum,
        ),
    )
    expect(made.length).toBeGreaterThan(240)
    // Here the library differs from the registry, which asks for a bank's code in letters in all but
    // the first.
    const known = ['DO', 'GE', 'MD', 'PK', 'PS', 'VG']
    expect(others.filter((iban) => !known.includes(iban.slice(0, 2)))).toEqual([])
  })

  it('whose bank breaks its country’s rule for account numbers is one all the same', () => {
    // BE68 5390 0754 7034 with another national check digit, and ISO 7064's digits for that.
    const withChecks = Array.from({ length: 97 }, (_, at) => String(at + 2).padStart(2, '0')).map(
      (check) => `BE${check}539007547035`,
    )
    expect(withChecks.filter(isIban)).toHaveLength(1)
  })
})

/** An account of digits alone, with ISO 7064's check digits. */
function withCheckDigits(country: string, length: number): string {
  const account = '31415926535897932384626433832795'.slice(0, length)
  const number = `${account}${country}00`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`
}

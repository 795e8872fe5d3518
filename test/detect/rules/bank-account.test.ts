import { describe, expect, test } from 'vitest'
import type { Published } from './found-by.ts'
import { found, mistaken } from './found-by.ts'

/** Examples of the IBAN registry (https://www.swift.com/swift-resource/9606/download). */
const IBANS: readonly string[] = [
  'AT61 1904 3002 3457 3201',
  'BE68 5390 0754 7034',
  'BR1800360305000010009795493C1',
  'CH93 0076 2011 6238 5295 7',
  'DE89 3704 0044 0532 0130 00',
  'ES91 2100 0418 4502 0005 1332',
  'FR14 2004 1010 0505 0001 3M02 606',
  'GB29 NWBK 6016 1331 9268 19',
  'IT60X0542811101000000123456',
  'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
  'NL91ABNA0417164300',
  'NO93 8601 1117 947',
  'PL61 1090 1014 0000 0712 1981 2874',
  'SE45 5000 0000 0583 9825 7466',
]

const CHECKED: readonly Published[] = [
  ...IBANS.map((value) => ({ rule: 'iban', word: 'IBAN', value })),
  // The American Bankers Association's registry; Stripe's test number.
  { rule: 'us_routing', word: 'routing number', value: '110000000' },
  { rule: 'us_routing', word: 'ABA', value: '021000021' },
  // Banco de México's and Stripe's test number.
  {
    rule: 'mx_clabe',
    word: 'CLABE',
    value: '032180000118359719',
    // Digits that differ by five, modulo ten.
    blind: ['032180000113859719'],
  },
  {
    rule: 'es_ccc',
    word: 'número de cuenta',
    value: '1234 5678 06 1234567890',
    // Ten is written as one.
    blind: ['1234 5678 01 6234567890'],
  },
  { rule: 'pl_account', word: 'numer konta', value: '61 1090 1014 0000 0712 1981 2874' },
]

/** Without check digits: form and word are all there is. */
const FORMS: readonly Published[] = [
  // Vocalink's modulus checking specification.
  { rule: 'gb_sort_code', word: 'sort code', value: '08-99-99' },
  { rule: 'gb_sort_code', word: 'Sort code:', value: '107999' },
  { rule: 'ca_transit', word: 'transit number', value: '11000' },
  { rule: 'ca_transit_and_institution', word: 'transit', value: '11000-000' },
  { rule: 'au_bsb', word: 'BSB', value: '062-000' },
  { rule: 'in_ifsc', word: 'IFSC', value: 'SBIN0005943' },
  { rule: 'de_blz', word: 'BLZ', value: '37040044' },
  // Banks publish their BICs (ISO 9362).
  { rule: 'bic', word: 'BIC:', value: 'DEUTDEFF' },
  { rule: 'bic', word: 'SWIFT code', value: 'DEUTDEFF500' },
  { rule: 'bic', word: 'our BIC is', value: 'BOFAUS3N' },
]

describe('bank accounts', () => {
  test.each([...CHECKED, ...FORMS])('$word $value: certain ($rule)', ({ rule, word, value }) => {
    expect(found(`${word} ${value}, please`, 'bank_account')).toEqual([
      { rule, value, confidence: 'certain' },
    ])
  })

  test.each(IBANS)('%s needs no word', (iban) => {
    expect(found(`Pay ${iban} today`, 'bank_account')).toEqual([
      { rule: 'iban', value: iban, confidence: 'certain' },
    ])
  })

  test.each([
    ['spaces', 'DE89 3704 0044 0532 0130 00'],
    ['hyphens', 'DE89-3704-0044-0532-0130-00'],
    ['nothing between', 'DE89370400440532013000'],
    ['small letters', 'gb29 nwbk 6016 1331 9268 19'],
    ['small letters and nothing between', 'gb29nwbk60161331926819'],
    ['a blank behind the country', 'DE 89 370 400 440 532 013 000'],
    ['a line break', 'DE89 3704 0044\n0532 0130 00'],
    ['blanks of other widths', 'GB29\u2009NWBK\u20096016\u20091331\u20099268\u200919'],
    ['full-width letters', 'ＤＥ８９３７０４００４４０５３２０１３０００'],
  ])('an IBAN is read with %s', (_, iban) => {
    expect(found(`IBAN ${iban}.`, 'bank_account')).toMatchObject([{ rule: 'iban', value: iban }])
  })

  test.each([
    ['EUR', 'DE89 3704 0044 0532 0130 00 EUR 120'],
    ['a number', 'DE89 3704 0044 0532 0130 00 120,50'],
    ['capitals', 'DE89 3704 0044 0532 0130 00 BIC'],
    ['a word', 'DE89 3704 0044 0532 0130 00 and'],
    ['a slash', 'DE89 3704 0044 0532 0130 00/2'],
    ['a line', 'DE89 3704 0044 0532 0130 00\nName'],
  ])('an IBAN ends before %s', (_, text) => {
    expect(found(text, 'bank_account')).toEqual([
      { rule: 'iban', value: 'DE89 3704 0044 0532 0130 00', confidence: 'certain' },
    ])
  })

  test.each([
    ['account number: 000123456789', '000123456789'],
    ['bank acct # 7700148293', '7700148293'],
    ['Kontonummer 0532013000', '0532013000'],
    ['numéro de compte : 7654321098', '7654321098'],
    ['Número de cuenta: 4512 3678 90', '4512 3678 90'],
    ['numero di conto 000000123456', '000000123456'],
    ['rekeningnummer 417164300', '417164300'],
    ['{"accountNumber":"000222222227"}', '000222222227'],
    ['Account number:\n63748472', '63748472'],
    ['n° de compte 63748472', '63748472'],
    ['Acc No: 63748472', '63748472'],
    ['cuenta nº 63748472 del banco', '63748472'],
    ['conto n. 63748472 presso Banca Esempio', '63748472'],
    ['Agent: and the account number?\nCustomer: 63748472', '63748472'],
    ['[10:42] Agent: account number please\n[10:43] Jane Doe: it is 63748472', '63748472'],
    ['our account 66374958 (sort code 089999)', '66374958'],
    ['a/c no 00012345, sort code 10-88-00', '00012345'],
    ['Routing: 021000021\nAccount: 483001927355', '483001927355'],
  ])('%s: an account', (text, value) => {
    expect(found(text, 'bank_account')).toContainEqual({
      rule: 'account_number',
      value,
      confidence: 'likely',
    })
  })

  test.each([
    ['nz_account', '01-0123-0123456-00'],
    ['gb_sort_code_and_account', '08-99-99 66374958'],
    ['es_ccc', '1234 5678 06 1234567890'],
    ['pl_account', '61 1090 1014 0000 0712 1981 2874'],
  ])('%s: %s is known by how it is written', (rule, value) => {
    expect(found(`pay ${value} please`, 'bank_account')).toMatchObject([{ rule, value }])
  })

  test.each(CHECKED)('$value of $rule, almost right, is none', (published) => {
    expect(mistaken('bank_account', published)).toEqual([])
  })

  test.each([
    ['a customer', 'customer number 12345678'],
    ['an order', 'order number 110000000'],
    ['an invoice', 'Rechnung 0532013000'],
    ['a tracking number', 'tracking number 021000021'],
    ['an account at a shop', 'my account 12345678 is locked'],
    ['a routing number without a word', 'it says 021000021'],
    ['a parcel on its way', 'the package is in transit to 90210'],
    ['a date', 'account number changed on 2024-03-15'],
    ['a time in the layout of a sort code', 'at 10-15-30 it failed'],
    ['a BIC without a word', 'the DEUTDEFF thing'],
    ['a word behind swift', 'a swift response is welcome'],
    ['a shouted word behind swift', 'SWIFT TRANSFER FAILED'],
    ['a country without banks in it', 'BIC: ABCDXX33'],
    ['an IBAN with wrong check digits', 'IBAN DE88 3704 0044 0532 0130 00'],
    ['an IBAN of no country', 'IBAN ZZ89 3704 0044 0532 0130 00'],
    ['an IBAN behind a mask', 'IBAN DE•• •••• •••• •••• 3000'],
    ['a part of a hash', 'sha256 de89370400440532013000aa'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'bank_account')).toEqual([])
  })
})

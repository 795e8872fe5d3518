import { describe, expect, test } from 'vitest'
import type { Published } from './found-by.ts'
import { found, mistaken } from './found-by.ts'

/** Examples as python-stdnum (https://arthurdejong.org/python-stdnum/doc/) cites them, or as said. */
const CHECKED: readonly Published[] = [
  { rule: 'gb_utr', word: 'UTR', value: '1123456789' },
  // The Bundeszentralamt für Steuern's test number.
  { rule: 'de_idnr', word: 'Steuer-ID', value: '86 095 742 719' },
  { rule: 'fr_spi', word: 'numéro fiscal', value: '3023217600053' },
  { rule: 'pt_nif', word: 'contribuinte', value: '501 442 600' },
  { rule: 'pl_nip', word: 'NIP', value: '110-120-36-79' },
  { rule: 'gr_afm', word: 'ΑΦΜ', value: '094259216' },
  { rule: 'ru_inn', word: 'ИНН', value: '500100732259' },
  { rule: 'ua_rnokpp', word: 'РНОКПП', value: '1759013776' },
  // The Australian Taxation Office's test number.
  { rule: 'au_tfn', word: 'TFN', value: '123 456 782' },
  // Inland Revenue's examples.
  // Ten is written as the second weights have it.
  { rule: 'nz_ird', word: 'IRD number', value: '49-098-576', blind: ['49-099-576'] },
  { rule: 'br_cpf', word: 'CPF', value: '111.444.777-35' },
  { rule: 'ar_cuit', word: 'CUIT', value: '20-05536168-2' },
  { rule: 'cl_rut', word: 'RUT', value: '12.531.909-2' },
  { rule: 'co_nit', word: 'NIT', value: '800.197.268-4' },
]

const FORMS: readonly Published[] = [
  // https://www.irs.gov/tin/itin: 50 to 65, 70 to 88, 90 to 92 and 94 to 99 in the middle.
  { rule: 'us_itin', word: 'ITIN', value: '912-70-1234' },
  { rule: 'us_itin', word: 'my ITIN is', value: '950994837' },
  // https://www.sat.gob.mx: the example of a person.
  { rule: 'mx_rfc', word: 'RFC', value: 'GODE561231GR8' },
  { rule: 'in_pan', word: 'PAN', value: 'AAAPL1234C' },
]

describe('tax ids', () => {
  test.each([...CHECKED, ...FORMS])('$word $value: certain ($rule)', ({ rule, word, value }) => {
    expect(found(`${word} ${value}, please`, 'national_id')).toEqual([
      { rule, value, confidence: 'certain' },
    ])
  })

  test.each([
    ['us_ein', 'EIN', '12-3456789'],
    ['de_steuernummer', 'Steuernummer', '181/815/08155'],
  ])('%s: %s %s: likely', (rule, word, value) => {
    expect(found(`${word}: ${value}.`, 'national_id')).toEqual([
      { rule, value, confidence: 'likely' },
    ])
  })

  test.each([
    ['390.533.447-05', 'br_cpf'],
    ['20-05536168-2', 'ar_cuit'],
    ['12.531.909-2', 'cl_rut'],
    ['86 095 742 719', 'de_idnr'],
    ['912-70-1234', 'us_itin'],
    ['AAAPL1234C', 'in_pan'],
  ])('%s is known by how it is written', (value, rule) => {
    expect(found(`It is ${value} now`, 'national_id')).toMatchObject([{ rule, value }])
  })

  test.each(CHECKED)('$value of $rule, almost right, is none', (published) => {
    expect(mistaken('national_id', published)).toEqual([])
  })

  test.each([
    ['an ITIN with a group that is not given out', 'ITIN 912-93-1234'],
    ['all digits alike', 'CPF 111.111.111-11'],
    ['an employer’s number without a word', '12-3456789'],
    ['a phone number of Russia', '495-123-45-67'],
    ['an order', 'pedido 39053344705'],
    ['eleven digits alone', 'it shows 39053344705'],
    ['a serial number', 'serial AAAPL1234C'],
    ['a card whose name is the same', 'PAN ending 1234'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'national_id')).toEqual([])
  })
})

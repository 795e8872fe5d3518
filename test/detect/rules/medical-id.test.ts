import { describe, expect, test } from 'vitest'
import type { Published } from './found-by.ts'
import { found, mistaken } from './found-by.ts'

const CHECKED: readonly Published[] = [
  // https://www.datadictionary.nhs.uk/attributes/nhs_number.html
  { rule: 'gb_nhs', word: 'NHS number', value: '943 476 5919' },
  { rule: 'gb_nhs', word: 'my NHS no. is', value: '9434765870' },
  // CMS: "Requirements for National Provider Identifier (NPI) and NPI check digit".
  { rule: 'us_npi', word: 'NPI', value: '1234567893' },
  { rule: 'us_dea', word: 'DEA number', value: 'AB1234563' },
  {
    rule: 'au_medicare',
    word: 'Medicare card',
    value: '4177581412',
    // The digits behind the ninth say which card and which person; the eighth weighs nine, which is
    // one less than nothing modulo ten.
    blind: ['4177581413', '41775814127', '4177581142'],
  },
  // https://developer.digitalhealth.gov.au: a test patient.
  { rule: 'au_ihi', word: 'IHI', value: '8003 6080 0004 5922' },
  // HISO 10046: test numbers of the old and of the new form.
  { rule: 'nz_nhi', word: 'NHI', value: 'ZZZ0016' },
  { rule: 'ca_bc_phn', word: 'PHN', value: '9698 658 215' },
  // GKV-Spitzenverband's example.
  { rule: 'de_kvnr', word: 'Krankenversichertennummer', value: 'A123456780' },
]

/** Without check digits: form and word are all there is. */
const FORMS: readonly Published[] = [
  // https://www.cms.gov/medicare/new-medicare-card: the example of a card.
  { rule: 'us_mbi', word: 'Medicare number', value: '1EG4-TE5-MK73' },
  { rule: 'us_mbi', word: 'MBI', value: '1EG4TE5MK72' },
  { rule: 'ca_ramq', word: 'RAMQ', value: 'TREM 7501 1512' },
  { rule: 'ehic', word: 'EHIC', value: '80756001234567890123' },
]

describe('medical and insurance ids', () => {
  test.each([...CHECKED, ...FORMS])('$word $value: certain ($rule)', ({ rule, word, value }) => {
    expect(found(`${word} ${value}, please`, 'medical_id')).toEqual([
      { rule, value, confidence: 'certain' },
    ])
  })

  test.each([
    ['health insurance member ID: XYZ123456789', 'XYZ123456789'],
    ['member ID is W1234 56789', 'W1234 56789'],
    ['{"subscriberId":"JQU883K20117"}', 'JQU883K20117'],
    ['medical record number 00482917 at the clinic', '00482917'],
    ['MRN: 7348291', '7348291'],
    ['patient ID P-20938471', 'P-20938471'],
    ['OHIP 5584-486-674-YM', '5584-486-674-YM'],
    ['Agent: What is your member ID?\nCustomer: K884729103', 'K884729103'],
    ['insurance id (Example Health) K884729103', 'K884729103'],
    ['hospital number, 40398812, on the letter', '40398812'],
    ['insurance policy member number HMO-4829173-01', 'HMO-4829173-01'],
  ])('%s: one of an insurer or a hospital', (text, value) => {
    expect(found(text, 'medical_id')).toMatchObject([{ value, confidence: 'likely' }])
  })

  test('a Medicare beneficiary identifier is known by how it is written', () => {
    expect(found('It is 1EG4-TE5-MK73 now', 'medical_id')).toMatchObject([{ rule: 'us_mbi' }])
  })

  test.each(CHECKED)('$value of $rule, almost right, is none', (published) => {
    expect(mistaken('medical_id', published)).toEqual([])
  })

  test.each([
    ['a phone number', 'call 943 476 5919'],
    ['a phone number of the US', 'call 212-555-0123'],
    ['ten digits alone', 'it says 1234567893'],
    ['an order', 'order 943 476 5919'],
    ['a policy that is no health insurance', 'the password policy number 12345678'],
    ['a date of a visit', 'patient ID changed 2024-03-15'],
    ['a member of a team', 'team member 12 joined'],
    ['a user in Italian', 'utente 12345678 bloccato'],
    ['a serial number', 'serial number AB1234563'],
    ['a sentence about insurance', 'health insurance for 2024 is 120 EUR'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'medical_id')).toEqual([])
  })
})

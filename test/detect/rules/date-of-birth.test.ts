import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'date_of_birth')
    .map(({ start, end }) => text.slice(start, end))
}

/** In the orders and names that people use; 14 March 1985 is nobody's in particular. */
const DATES =
  `1985-03-14, 1985/03/14, 14/03/1985, 03/14/1985, 14.03.1985, 14.3.1985, 14-03-1985, 14. 3. 1985,
14/03/85, 3/14/85, 19850314, 14 March 1985, 14th of March 1985, 14 Mar 1985, 14-Mar-1985, March 14th 1985,
Sept 9 1962, 14. März 1985, 1er mai 1970, 12 août 1992, 3 de febrero de 1988, 3 febbraio 1988,
3 de fevereiro de 1988, 3 februari 1988, 3. februar 1988, 12 augusti 1992, 1985年3月14日`
    .split(',')
    .map((date) => date.trim())

describe('dates of birth', () => {
  test.each(DATES)('%s is one behind its label', (date) => {
    expect(found(`Date of birth: ${date}`)).toEqual([date])
    expect(found(`DOB\n${date}`)).toEqual([date])
    expect(found(`I was born on ${date}.`)).toEqual([date])
    expect(found(`${date} (DOB)`)).toEqual([date])
  })

  test.each([
    'birthdate',
    'D.O.B.',
    'date_of_birth=',
    '"birthDate":',
    'Date of birth (DD/MM/YYYY):',
    'What is your date of birth?\nCustomer:',
    'Geburtsdatum',
    'geb. am',
    'né(e) le :',
    'date de naissance :',
    'Fecha de nacimiento:',
    'nacida el',
    'nato a Roma il',
    'Data di nascita',
    'data de nascimento é',
    'Geboortedatum:',
    'geboren op',
    'Fødselsdato:',
    'född',
    'Syntymäaika:',
    'data urodzenia:',
    'Дата рождения:',
    '生年月日：',
    '出生日期：',
    'born in Lisbon on',
    'nacida en Sevilla el',
    'nascido em Lisboa em',
    'Agent: date of birth please\n[14:03] Jane Doe: Sure,',
    'Agent (10:42): birth date?\nJane (10:43): it is',
    'DOB on the form should be',
    'Geboortedatum klant',
    'Geburtsdatum lautet richtig',
    'my date of birth (as in the passport):',
  ])('%s is such a label', (label) => {
    expect(found(`${label} 14.03.1985`)).toEqual(['14.03.1985'])
  })

  test.each([
    ['Ich bin am 7. Juni 1961 geboren', '7. Juni 1961'],
    ['14/03/1985 is my date of birth', '14/03/1985'],
  ])('%s has it before the word', (text, date) => {
    expect(found(text)).toEqual([date])
  })

  test.each([
    ['a date', 'ordered on 14/03/2024, due 2024-04-14'],
    ['a year', 'born in 1985'],
    ['a date before a clause about it', 'fecha de alta 12/03/2024, nacimiento pendiente'],
    ['a change of it', 'date of birth was updated on 12/03/2024'],
    ['a request about it', 'DOB change request from 12/03/2024'],
    ['talk of a table', 'DOB column empty 01/02/2026'],
    ['a party', 'birthday sale 12/05/2024 in all shops'],
    ['a product', 'the feature was born on 12 May 2019'],
    ['another question', 'Agent: order date?\nCustomer: 12/03/2024'],
    ['a figure of speech', 'born in the cloud, released 2024-03-14'],
    ['another date in the sentence', 'My date of birth is wrong since 14/03/2024'],
    ['a day that no month has', 'DOB 31/02/1985'],
    ['a month that no year has', 'DOB 14/13/1985'],
    ['a leap day in another year', 'DOB 1985-02-29'],
    ['a year long ago', 'born 14/03/1785'],
    ['a year to come', 'born 14/03/2085'],
    ['a longer number', 'DOB 14/03/19851'],
    ['a version', 'dob 14.03.1985.2'],
    ['an alliance', 'NATO 14.03.2024'],
    ['"your"', 'ur 14/03/2024 order'],
    ['a mask', 'DOB ••/••/1985'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

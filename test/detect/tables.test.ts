import { describe, expect, test } from 'vitest'
import { detect } from '../../src/detect/detect.ts'

function found(text: string): string[] {
  return detect(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
}

describe('tables', () => {
  test.each([',', ';', '|', '\t'])('a heading names its column where %j parts them', (sign) => {
    const rows = [
      ['Name', 'Date of birth', 'Passport no.', 'Password'],
      ['Jane Doe', '12/03/1985', 'PN5017382', 'Tr0ub4dor&3'],
      ['John Doe', '27/09/1979', 'AB1234567', 'Quiet-Otter_19'],
    ]
    expect(found(rows.map((row) => row.join(sign)).join('\n'))).toEqual([
      'date_of_birth 12/03/1985',
      'identity_document PN5017382',
      'credential Tr0ub4dor&3',
      'date_of_birth 27/09/1979',
      'identity_document AB1234567',
      'credential Quiet-Otter_19',
    ])
  })

  test('a row of a comma-separated file may have numbers side by side', () => {
    expect(found('name,account number,sort code\r\nJane Doe,12345678,09-01-28')).toEqual([
      'bank_account 12345678',
      'bank_account 09-01-28',
    ])
  })

  test('a table as Markdown has it is one', () => {
    expect(found('| Name | DOB |\n| --- | --- |\n| Jane | 12/03/1985 |')).toEqual([
      'date_of_birth 12/03/1985',
    ])
  })

  test.each([
    ['another column', 'dob,signed up\n,12/03/2024'],
    ['another column behind words', 'dob,signed up\nunknown,12/03/2024'],
    ['an order', 'passport,order number\nyes,88123401'],
    ['a line of another length', 'name,dob\nsee page 4, chapter 2, 12/03/2024'],
    ['a sentence', 'We need your name, your DOB. Thank you, Example\nSent, 12/03/2024'],
  ])('%s is not what a heading names', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

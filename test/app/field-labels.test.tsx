import { beforeAll, describe, expect, test } from 'vitest'
import { createTranslation, loadLocale } from '../../src/app/shared/translation.ts'

beforeAll(async () => {
  await Promise.all(['en', 'de', 'ar'].map(loadLocale))
})

describe('what a field is called', () => {
  test('is the catalogue’s label', () => {
    const { fieldLabel } = createTranslation('de')
    expect(fieldLabel({ label: 'Card number', kind: 'payment_card' })).toBe('Card number')
  })

  test.each([
    [
      'en',
      'Payment card number in a comment (2)',
      'Payment card number in an attachment',
      'Restricted note 3',
    ],
    [
      'de',
      'Kartennummer in einem Kommentar (2)',
      'Kartennummer in einem Anhang',
      'Geschützte Notiz 3',
    ],
  ])('is made of kind and place in %s, where no field is', (locale, comment, attachment, note) => {
    const { fieldLabel } = createTranslation(locale)
    const found = { label: 'comment_9001_2', kind: 'payment_card' } as const
    expect(fieldLabel({ ...found, place: { in: 'comment', id: 9001, number: 2 } })).toBe(comment)
    expect(fieldLabel({ ...found, place: { in: 'attachment', id: 7001 } })).toBe(attachment)
    expect(fieldLabel({ ...found, place: { in: 'note', number: 3 } })).toBe(note)
  })

  test.each([
    [
      'en',
      'Payment card number in the subject (1)',
      'Payment card number in another ticket field (2)',
    ],
    ['de', 'Kartennummer im Betreff (1)', 'Kartennummer in einem anderen Ticketfeld (2)'],
    [
      'ar',
      expect.stringMatching(/الموضوع \(1\)$/),
      expect.stringMatching(/حقل آخر من التذكرة \(2\)$/),
    ],
  ])('names a subject and a field that nobody catalogued in %s', (locale, subject, field) => {
    const { fieldLabel } = createTranslation(locale)
    const found = { label: 'subject_1', kind: 'payment_card' } as const
    const inSubject = fieldLabel({ ...found, place: { in: 'subject', number: 1 } })
    const inField = fieldLabel({ ...found, place: { in: 'field', id: 308, number: 2 } })
    expect(inSubject).toEqual(subject)
    expect(inField).toEqual(field)
  })

  test('says no kind where none is known, as in the log', () => {
    const { fieldLabel } = createTranslation('en')
    const place = { in: 'comment', id: 9001, number: 1 } as const
    expect(fieldLabel({ label: 'comment_9001_1', place })).toBe('Value in a comment (1)')
  })

  test('is said in Arabic, too', () => {
    const { fieldLabel } = createTranslation('ar')
    const place = { in: 'attachment', id: 7001 } as const
    expect(fieldLabel({ label: 'attachment_7001', kind: 'payment_card', place })).toMatch(/مرفق/)
  })
})

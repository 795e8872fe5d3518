import { describe, expect, it } from 'vitest'
import { fieldIdAt, fieldOfValue, placeOf } from '../../src/core/vaulted-field.ts'
import type { Place } from '../../src/core/place.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'

describe('a value in a field of the catalogue', () => {
  it('is what the catalogue says now, whatever it was taken in as', () => {
    const row = { fieldId: 'passport', kind: 'phone', sensitivityClass: 'confidential' }
    expect(fieldOfValue(sandboxPolicy, row)).toMatchObject({
      id: 'passport',
      label: 'Passport',
      kind: 'identity_document',
      sensitivityClass: 'secret',
      zendeskFieldId: 302,
      place: null,
    })
  })

  it('has no field once the catalogue forgot it', () => {
    const row = { fieldId: 'old_field', kind: 'phone', sensitivityClass: 'confidential' }
    expect(fieldOfValue(sandboxPolicy, row)).toBeUndefined()
  })
})

describe('a value that was found in a ticket', () => {
  const places: [string, Place][] = [
    ['comment_9001_2', { in: 'comment', id: 9001, number: 2 }],
    ['attachment_7001', { in: 'attachment', id: 7001 }],
    ['note_3', { in: 'note', number: 3 }],
    ['subject_2', { in: 'subject', number: 2 }],
    ['field_308_1', { in: 'field', id: 308, number: 1 }],
  ]
  it.each(places)('has the id %s for its place', (fieldId, place) => {
    expect(fieldIdAt(place)).toBe(fieldId)
    expect(placeOf(fieldId)).toEqual(place)
    expect(fieldId).toMatch(/^[a-z0-9_]{1,64}$/)
  })

  it.each(places)('has a vaulted field made of its row, at %s', (fieldId, place) => {
    const row = { fieldId, kind: 'payment_card', sensitivityClass: 'restricted' }
    expect(fieldOfValue(sandboxPolicy, row)).toEqual({
      id: fieldId,
      label: fieldId,
      kind: 'payment_card',
      sensitivityClass: 'restricted',
      protection: 'vaulted',
      zendeskFieldId: null,
      place,
    })
  })

  it.each([null, '', 'harmless', 'CONFIDENTIAL'])(
    'is secret when its row says %j of its class',
    (sensitivityClass) => {
      const row = { fieldId: 'note_1', kind: null, sensitivityClass }
      expect(fieldOfValue(sandboxPolicy, row)).toMatchObject({
        kind: 'other',
        sensitivityClass: 'secret',
      })
    },
  )

  it.each([
    'comment_1',
    'comment_01_1',
    'comment_1_0',
    'note_',
    'note_1x',
    'attachment_-1',
    'notes_1',
    'subject',
    'field_308',
    'note_1_1',
  ])('is not what %s names', (fieldId) => {
    expect(placeOf(fieldId)).toBeNull()
  })
})

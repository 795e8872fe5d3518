import { describe, expect, it } from 'vitest'
import { canHoldMask, findField } from '../../src/core/protected-field.ts'
import { CARD_FIELD, NOTE_FIELD, PHONE_FIELD } from './people-and-policy.ts'

describe('a Zendesk ticket field', () => {
  const types: [string, boolean][] = [
    ['text', true],
    ['textarea', true],
    ['regexp', false],
    ['integer', false],
    ['decimal', false],
    ['date', false],
    ['tagger', false],
    ['multiselect', false],
    ['checkbox', false],
    ['partialcreditcard', false],
    ['lookup', false],
    ['subject', false],
    ['Text', false],
    ['', false],
    ['constructor', false],
  ]
  it.each(types)('of type %j can hold mask and token: %j', (type, expected) => {
    const refusal = { allowed: false, code: 'field_type_unsupported' }
    expect(canHoldMask(type)).toEqual(expected ? { allowed: true } : refusal)
  })
})

describe('the catalogue', () => {
  const catalogue = [CARD_FIELD, PHONE_FIELD, NOTE_FIELD]

  it('finds a field by its id', () => {
    expect(findField(catalogue, 'phone')).toBe(PHONE_FIELD)
  })

  it('finds nothing for an id that it does not list', () => {
    for (const id of ['', 'PHONE', 'phone ', '__proto__', 'length', '0']) {
      expect(findField(catalogue, id)).toBeUndefined()
    }
    expect(findField([], 'phone')).toBeUndefined()
  })
})

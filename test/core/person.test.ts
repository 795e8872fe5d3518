import { describe, expect, it } from 'vitest'
import { isSamePerson, isSolved } from '../../src/core/person.ts'
import type { SamePerson, Ticket } from '../../src/core/person.ts'

/** What policy pairs. */
const PAIRS: SamePerson[] = [
  [104, 204],
  [205, 105],
]

describe('two Zendesk users', () => {
  const pairs: [
    string,
    { id: number; email: string | null },
    { id: number; email: string | null },
    boolean,
  ][] = [
    ['with one id', { id: 104, email: null }, { id: 104, email: null }, true],
    [
      'with one id and an address that changed',
      { id: 104, email: 'omar@example.com' },
      { id: 104, email: 'haddad@example.com' },
      true,
    ],
    [
      'with one address',
      { id: 104, email: 'omar@example.com' },
      { id: 904, email: 'omar@example.com' },
      true,
    ],
    [
      'with one address in two spellings',
      { id: 104, email: 'Omar@Example.com ' },
      { id: 904, email: 'omar@example.com' },
      true,
    ],
    [
      'with two addresses',
      { id: 104, email: 'omar@example.com' },
      { id: 105, email: 'lena@example.com' },
      false,
    ],
    [
      'one of them without an address',
      { id: 104, email: 'omar@example.com' },
      { id: 105, email: null },
      false,
    ],
    ['whom policy pairs', { id: 104, email: 'omar@example.com' }, { id: 204, email: null }, true],
    ['of two pairs', { id: 104, email: null }, { id: 105, email: null }, false],
    ['without addresses', { id: 104, email: null }, { id: 105, email: null }, false],
    ['with empty addresses', { id: 104, email: '' }, { id: 105, email: ' ' }, false],
  ]
  it.each(pairs)('%s', (_, a, b, expected) => {
    expect(isSamePerson(a, b, PAIRS)).toBe(expected)
    expect(isSamePerson(b, a, PAIRS)).toBe(expected)
  })
})

describe('a ticket', () => {
  const states: [Ticket['status'], boolean][] = [
    ['new', false],
    ['open', false],
    ['pending', false],
    ['hold', false],
    ['solved', true],
    ['closed', true],
  ]
  it.each(states)('that is %s takes no more work: %s', (status, expected) => {
    expect(isSolved({ status })).toBe(expected)
  })
})

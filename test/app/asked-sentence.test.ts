import { beforeAll, describe, expect, test } from 'vitest'
import { askedSentence } from '../../src/app/features/masked-fields/asked-sentence.ts'
import { createTranslation, loadLocale } from '../../src/app/shared/translation.ts'
import type { Translation } from '../../src/app/shared/translation.ts'
import { lena, omar, requestPending } from './fixtures.ts'

let english: Translation
beforeAll(async () => {
  await loadLocale('en')
  english = createTranslation('en')
})

const MORNING = { at: '2026-11-30T08:00:00.000Z', remainingSeconds: 61 * 3600 }
const SOON = { at: '2026-11-30T09:00:00.000Z', remainingSeconds: 1800 }

const sentence = (change: Partial<typeof requestPending>, elapsedSeconds = 0) =>
  askedSentence({ ...requestPending, askedOf: [omar, lena], ...change }, elapsedSeconds, english)

describe('a field that waits says', () => {
  test('who was asked', () => {
    expect(sentence({})).toEqual({
      note: 'Asked Omar and Lena',
      noteTitle: 'Asked Omar Haddad and Lena Fischer',
    })
  })

  test('in how long others are asked, too, counting down', () => {
    expect(sentence({ escalation: SOON })).toEqual({
      note: 'Asked Omar and Lena',
      noteEnd: '· others in 30 min',
      noteTitle: 'Asked Omar Haddad and Lena Fischer, others too in 30 min',
    })
    expect(sentence({ escalation: SOON }, 60).noteEnd).toBe('· others in 29 min')
    expect(sentence({ escalation: SOON }, 1800).noteEnd).toBeUndefined()
  })

  test('at night when somebody decides again, with the zone, and not when others are asked', () => {
    const { noteEnd, noteTitle } = sentence({ onDuty: MORNING, escalation: SOON })
    expect(noteEnd).toMatch(/^· back Nov 30, .+ (?:UTC|GMT.*|[A-Z]+)$/)
    expect(noteTitle).toContain('Asked Omar Haddad and Lena Fischer, on duty again Nov 30')
    expect(sentence({ onDuty: { ...MORNING, remainingSeconds: 600 } }).noteEnd).toBe(
      '· back in 10 min',
    )
  })

  test('that nobody can decide, whatever the time', () => {
    expect(sentence({ askedOf: [], onDuty: MORNING })).toEqual({
      note: 'Nobody can decide right now.',
    })
  })
})

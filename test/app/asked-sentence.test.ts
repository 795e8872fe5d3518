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
      note: 'Others in 30 min · asked Omar and Lena',
      noteTitle: 'Asked Omar Haddad and Lena Fischer, others too in 30 min',
    })
    expect(sentence({ escalation: SOON }, 60).note).toMatch(/^Others in 29 min/)
    expect(sentence({ escalation: SOON }, 1800).note).toBe('Asked Omar and Lena')
  })

  test('at night when somebody decides again, with the zone, and not when others are asked', () => {
    const { note, noteTitle } = sentence({ onDuty: MORNING, escalation: SOON })
    expect(note).toMatch(/^Back Nov 30, .+ (?:GMT\S*|[A-Z]+) · asked Omar and Lena$/)
    expect(noteTitle).toContain('Asked Omar Haddad and Lena Fischer, on duty again Nov 30')
    expect(sentence({ onDuty: { ...MORNING, remainingSeconds: 600 } }).note).toBe(
      'Back in 10 min · asked Omar and Lena',
    )
  })

  test('that nobody can decide, whatever the time', () => {
    expect(sentence({ askedOf: [], onDuty: MORNING })).toEqual({
      note: 'Nobody can decide right now.',
    })
  })
})

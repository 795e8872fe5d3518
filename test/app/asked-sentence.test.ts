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
      short: 'Asked Omar and Lena',
      full: 'Asked Omar Haddad and Lena Fischer',
    })
  })

  test('in how long others are asked, too, counting down', () => {
    expect(sentence({ escalation: SOON }).short).toBe('Asked Omar and Lena, others too in 30 min')
    expect(sentence({ escalation: SOON }, 60).short).toContain('in 29 min')
    expect(sentence({ escalation: SOON }, 1800).short).toBe('Asked Omar and Lena')
  })

  test('at night when somebody decides again, with the zone, and not when others are asked', () => {
    const { short, full } = sentence({ onDuty: MORNING, escalation: SOON })
    expect(short).toMatch(/^Asked Omar and Lena, on duty again Nov 30, .+ (?:UTC|GMT.*|[A-Z]+)$/)
    expect(full).toContain('Omar Haddad and Lena Fischer, on duty again')
    expect(sentence({ onDuty: { ...MORNING, remainingSeconds: 600 } }).short).toBe(
      'Asked Omar and Lena, on duty again in 10 min',
    )
  })

  test('that nobody can decide, whatever the time', () => {
    expect(sentence({ askedOf: [], onDuty: MORNING })).toEqual({
      short: 'Nobody can decide right now.',
      full: undefined,
    })
  })
})

import { describe, expect, test } from 'vitest'
import { DEFAULT_GUARDED_KINDS } from '../../src/core/detection.ts'
import { CONTACT_RULES } from '../../src/detect/contact-rules.ts'
import { detect } from '../../src/detect/detect.ts'
import { detectValues } from '../../src/detect/detect-values.ts'
import { CONTACT_KINDS } from '../../src/detect/span.ts'
import { VALUE_RULES } from '../../src/detect/value-rules.ts'
import { corpusCases, everydayCases } from './corpus.ts'

describe('what the save guard loads by default', () => {
  test('knows every kind but what a signature or a log is full of', () => {
    expect([...new Set(CONTACT_RULES.map(({ kind }) => kind))].toSorted()).toEqual(
      [...CONTACT_KINDS].toSorted(),
    )
    expect(VALUE_RULES.filter(({ kind }) => CONTACT_KINDS.includes(kind))).toEqual([])
    expect(DEFAULT_GUARDED_KINDS.filter((kind) => CONTACT_KINDS.includes(kind))).toEqual([])
  })

  test('finds what the whole detector finds of the guarded kinds, in every line of the corpus', () => {
    const isGuarded = ({ kind }: { kind: string }) =>
      DEFAULT_GUARDED_KINDS.some((guarded) => guarded === kind)
    const differing = [...corpusCases(), ...everydayCases()]
      .map(({ text }) => text)
      .filter(
        (text) =>
          JSON.stringify(detectValues(text).filter(isGuarded)) !==
          JSON.stringify(detect(text).filter(isGuarded)),
      )
    expect(differing).toEqual([])
  })
})

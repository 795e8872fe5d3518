import { expect, test } from 'vitest'
import { PROMPT_LOCALES, REASON_PROMPT_VERSION } from '../../src/core/reason-prompt.ts'
import { request as ar } from '../../translations/ar.json'
import { request as de } from '../../translations/de.json'
import { request as en } from '../../translations/en.json'

/** What each version of the question said. A version that was asked once is never changed here. */
const WORDS: Record<number, Record<(typeof PROMPT_LOCALES)[number], string>> = {
  1: {
    en: 'What will you do with it?',
    de: 'Wozu brauchen Sie den Wert?',
    ar: 'ماذا ستفعل بها؟',
  },
}

test('the question above a reason says what its version says: other words are another version', () => {
  expect({ en: en.text, de: de.text, ar: ar.text }).toEqual(WORDS[REASON_PROMPT_VERSION])
})

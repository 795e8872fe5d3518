import { describe, expect, test } from 'vitest'
import { AUDIT_ACTIONS } from '../../src/audit/entry.ts'
import { SCRIM_ERROR_CODES } from '../../src/core/errors.ts'
import { FIELD_KINDS, SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { defaultPolicy } from '../../src/core/policy.ts'
import { REQUEST_STATES } from '../../src/contract/reveal-requests.ts'
import { createTranslation, loadLocale, pickLocale } from '../../src/app/shared/translation.ts'
import ar from '../../translations/ar.json'
import de from '../../translations/de.json'
import en from '../../translations/en.json'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, node]): [string, string][] =>
    typeof node === 'string' ? [[`${at}${key}`, node]] : leaves(node, `${at}${key}.`),
  )
}
const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

const english = new Map(leaves(en))
const others: [string, Map<string, string>][] = [
  ['de', new Map(leaves(de))],
  ['ar', new Map(leaves(ar))],
]

describe('every language', () => {
  test.each(others)('%s has the keys of English, no more and no fewer', (_, words) => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort())
  })

  test.each(others)('%s says nothing empty and keeps every placeholder', (_, words) => {
    // A plural form may leave its number out, "one request".
    const isPlural = (key: string) => /\.(one|other|few|many|two|zero)$/.test(key)
    const faulty = [...words].filter(
      ([key, text]) =>
        text.trim() === '' ||
        (!isPlural(key) &&
          placeholders(text).join() !== placeholders(english.get(key) ?? '').join()),
    )
    expect(faulty).toEqual([])
  })

  test('no string shouts', () => {
    const all = [english, ...others.map(([, words]) => words)]
    const shouting = all.flatMap((words) => [...words].filter(([, text]) => text.includes('!')))
    expect(shouting).toEqual([])
  })
})

describe('every code', () => {
  test.each([...SCRIM_ERROR_CODES])(
    '%s has one sentence of reason and one of next step',
    (code) => {
      expect(Object.keys(en.errors[code])).toEqual(['reason', 'next'])
    },
  )

  test('no sentence stands for a code that does not exist', () => {
    expect(Object.keys(en.errors).sort()).toEqual([...SCRIM_ERROR_CODES].sort())
  })

  test('each act of the log has a sentence', async () => {
    await loadLocale('en')
    const { find } = createTranslation('en')
    const silent = AUDIT_ACTIONS.filter((action) => find(`log.sentence.${action}`) === undefined)
    expect(silent).toEqual([])
  })

  test('each reason of the default policy, class, kind and state of a request has a word', () => {
    const policy = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
    expect(Object.keys(en.reasons).sort()).toEqual(policy.reasons.map(({ code }) => code).sort())
    expect(Object.keys(en.sidebar.class)).toEqual([...SENSITIVITY_CLASSES])
    expect(Object.keys(en.decide.state).sort()).toEqual([...REQUEST_STATES].sort())
    expect(Object.keys(en.kinds).sort()).toEqual([...FIELD_KINDS].sort())
  })

  test("each of the app's settings in Zendesk has a label and a help text", () => {
    expect(Object.keys(en.app.parameters).sort()).toEqual([
      'allow_copy',
      'display_seconds',
      'extra_protected_field_ids',
      'max_minutes',
      'min_reason_length',
      'pause_all_reveals',
    ])
  })
})

describe('words', () => {
  test('plurals follow the language and numbers its form', async () => {
    await Promise.all([loadLocale('en'), loadLocale('de')])
    expect(createTranslation('en').t('announce.waiting', { count: 1 })).toBe(
      'Scrim: 1 request waits for your decision.',
    )
    expect(createTranslation('de').t('announce.waiting', { count: 1200 })).toBe(
      'Scrim: 1.200 Anfragen warten auf Ihre Entscheidung.',
    )
  })

  test.each([
    ['de-CH', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
    ['', 'en'],
    ['../../package', 'en'],
  ])('the locale %s is served by %s', (wanted, file) => {
    expect(pickLocale(wanted)).toBe(file)
  })

  test.each([
    [0, '0 sec'],
    [59, '59 sec'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 hr'],
  ])('%d seconds are said as %s', (seconds, text) => {
    expect(createTranslation('en').duration(seconds)).toBe(text)
  })

  test.each([
    [24, '0:24'],
    [120, '2:00'],
    [5, '0:05'],
  ])('%d seconds stand on a clock as %s', (seconds, text) => {
    expect(createTranslation('en').clock(seconds)).toBe(text)
  })

  test('an instant is relative under an hour and absolute with its zone after', () => {
    const { when } = createTranslation('en')
    expect(when('2026-11-20T14:00:00.000Z', 180)).toBe('3 min ago')
    expect(when('2026-11-20T14:00:00.000Z', 3600)).toMatch(/Nov 20, .*(UTC|GMT|[A-Z]{3,4})/)
  })
})

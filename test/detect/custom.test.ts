/** The detectors that an administrator writes: which are refused, and what the others find. */
import * as fc from 'fast-check'
import { checkSync } from 'recheck'
import { describe, expect, it } from 'vitest'
import { checkCustomDetector } from '../../src/detect/custom-check.ts'
import type { CustomDetectorCode } from '../../src/detect/custom-check.ts'
import type { CustomDetector } from '../../src/detect/custom.ts'
import { detect } from '../../src/detect/detect.ts'

const detectorOf = (pattern: string, example = 'ACME-1234'): CustomDetector => ({
  id: 'policy_number',
  label: 'Policy number',
  kind: 'other',
  pattern,
  example,
  confidence: 'likely',
})

/** What detection finds in a text by this detector alone. */
function found(pattern: string, text: string, markup: 'text' | 'html' = 'text'): string[] {
  return detect(text, { custom: [detectorOf(pattern)], markup })
    .filter(({ why }) => why.rule === 'policy_number')
    .map(({ start, end }) => text.slice(start, end))
}

const refused = (code: CustomDetectorCode) => ({ ok: false, code })

describe('a custom detector is taken', () => {
  const taken: [string, string, string][] = [
    ['of letters, a sign and digits', 'ACME-\\d{4}', 'ACME-1234'],
    ['with a varying number of digits', 'KD\\d{4,10}', 'KD0012345'],
    ['with a part that may be left out', '\\d{3}-?\\d{4}', '555-0100'],
    ['with classes', '[A-Z]{2,3}[-/ ][0-9]{6}', 'PL/204411'],
    ['with one of several beginnings', '(?:ACME|GLOBEX|INI)-\\d{4}', 'INI-1234'],
    ['with a group that may be left out', '\\d{6}(?:-EXT)?', '123456-EXT'],
    ['of several plain texts', 'Project Bluebird|Project Osprey', 'Project Osprey'],
    ['with edges of a word', '\\bACME\\d{4}\\b', 'ACME1234'],
    ['with letters of any alphabet', 'КЛ-\\d{4}', 'КЛ-1234'],
    ['with escaped signs', '\\$\\(\\d{4}\\)\\.\\[x\\]', '$(1234).[x]'],
    ['in the form of a British postcode', '[A-Z]{1,2}\\d[A-Z0-9]? ?\\d[A-Z]{2}', 'SW1A 1AA'],
    ['with everything but some characters', 'ref:[^\\s,]{4,20}', 'ref:a/b-7'],
    ['with characters outside the basic plane', '🂡[🂢-🂮]{3}', '🂡🂢🂣🂤'],
    ['of the longest match that is allowed', 'X{128}', 'X'.repeat(128)],
  ]
  it.each(taken)('%s', (_, pattern, example) => {
    expect(checkCustomDetector(detectorOf(pattern, example))).toEqual({ ok: true })
    expect(found(pattern, example)).toEqual([example])
  })
})

describe('a custom detector is refused', () => {
  const unsafe: [string, string][] = [
    ['a repeat in a repeat', '(a+)+$'],
    ['one text in two ways, repeated', '(a|aa)+'],
    ['one text in two ways, repeated with a bound', '(?:a|aa){1,40}b'],
    ['two endless repeats', '\\d*\\d*X'],
    ['an endless group', '(\\w{1,64})*'],
    ['a group repeated with a bound', '(?:\\d{1,3}){4}'],
    ['neighbours that share a letter', '[ab]{1,64}[bc]{1,64}d'],
    ['neighbours that share a letter across what may be left out', '\\d{1,9}-?\\d{1,9}X'],
    ['a repeat and what it may begin with', 'A\\d{4,20}\\d'],
    ['many letters that may be left out', 'a?a?a?a?a?aaaaa'],
    ['texts that begin with one another', '(?:a|ab|abc|abcd|abcde)xyz'],
    ['groups that may each be read in two ways', '(?:a|ab)(?:b|bc)(?:c|cd)dd'],
    ['a star', 'ACME-\\d*'],
    ['a plus', 'ACME-\\d+'],
    ['a repeat without an upper bound', 'ACME-\\d{4,}'],
    ['the dot and a star', '.*password'],
    ['a lazy repeat', 'ACME-\\d{4,8}?'],
    ['a look ahead', 'ACME(?=-)-\\d{4}'],
    ['a negative look ahead', 'ACME(?!X)\\d{4}'],
    ['a look behind', '(?<=ACME)-\\d{4}'],
    ['a back reference', '(ACME)-\\1'],
    ['a named group', '(?<firm>ACME)-\\d{4}'],
    ['a reference by name', '(?<firm>ACME)-\\k<firm>'],
    ['the start of a line', '^ACME-\\d{4}'],
    ['the end of a line', 'ACME-\\d{4}$'],
    ['the edge of a word in its middle', 'ACME\\b-\\d{4}'],
    ['what is no edge of a word', '\\BACME-\\d{4}'],
    ['a group in a group', '((ACME))-\\d{4}'],
    ['a class in a group', '(?:[AB]C)-\\d{4}'],
    ['an empty text in a group', '(?:ACME|)-\\d{4}'],
    ['alternatives that are no plain texts', 'ACME-\\d{4}|GLOBEX'],
    ['a Unicode property', '\\p{Lu}{4}-\\d{4}'],
    ['half a surrogate pair', '\\ud83dACME'],
    ['a match that is too long', '\\d{129}'],
    ['a match that is too long in sum', '[a-z]{100}[0-9]{29}'],
    ['a repeat of millions', 'a{1000000}'],
    ['a star in full width, which is read as a star', 'ACME-\\d＊'],
    ['a repeat in a repeat in full width', '（ａ＋）＋'],
    ['a pattern that is too long', `ACME${'a'.repeat(197)}`],
  ]
  it.each(unsafe)('as unsafe: %s', (_, pattern) => {
    expect(checkCustomDetector(detectorOf(pattern))).toEqual(refused('pattern_unsafe'))
  })

  const syntax = ['(', '[', 'ACME)', 'a{2,1}', '\\', 'ACME\\-1234', '*', '(?<n', '[z-a]', 'a{4']
  it.each(syntax)('as no pattern: %s', (pattern) => {
    expect(checkCustomDetector(detectorOf(pattern))).toEqual(refused('pattern_syntax'))
  })

  const empty: [string, string][] = [
    ['nothing at all', ''],
    ['three characters', 'AB1'],
    ['fewer than four where parts are left out', 'ABC\\d{0,9}'],
    ['a short one of several texts', 'ACME|ABC'],
    ['white space', '\\s{4,8}'],
    ['white space among others', '[\\s\\d]{4,8}'],
    ['whatever stands there', '.{4,20}'],
    ['white space where the rest is left out', ' {4}(?:ACME)?'],
  ]
  it.each(empty)('as empty: it matches %s', (_, pattern) => {
    expect(checkCustomDetector(detectorOf(pattern, 'ACME'))).toEqual(refused('pattern_empty'))
  })

  const examples: [string, string, string][] = [
    ['another text', 'ACME-\\d{4}', 'GLOBEX-1234'],
    ['more than the pattern matches', 'ACME-\\d{4}', 'ACME-1234 and more'],
    ['a longer number', 'ACME-\\d{4}', 'ACME-12345'],
    ['something before it', 'ACME-\\d{4}', 'no. ACME-1234'],
    ['the other case', 'ACME-\\d{4}', 'acme-1234'],
    ['nothing', 'ACME-\\d{4}', ''],
  ]
  it.each(examples)('when its example is %s', (_, pattern, example) => {
    expect(checkCustomDetector(detectorOf(pattern, example))).toEqual(
      refused('example_not_matched'),
    )
  })
})

describe('a custom detector finds', () => {
  const texts: [string, string, string, string[]][] = [
    ['each value in a text', 'KD\\d{4}', 'KD1000, KD2000.', ['KD1000', 'KD2000']],
    ['nothing in a longer number', '\\d{4}-\\d{4}', '11234-5678 1234-56789', []],
    ['nothing in a longer word', 'ACME\\d{4}', 'xACME1234 ACME1234x', []],
    [
      'nothing beside an accented letter or another script',
      'ACME\\d{4}',
      'éACME1234 ACME1234я',
      [],
    ],
    ['a value beside signs', 'ACME\\d{4}', '(ACME1234)_ACME1234/', ['ACME1234', 'ACME1234']],
    ['a value that begins with a sign beside a letter', '#\\d{4}', 'order#1234', ['#1234']],
    ['a value beside a picture', 'ACME\\d{4}', '🂡ACME1234🂡', ['ACME1234']],
    ['the longest that fits', 'KD\\d{4,6}', 'KD1234 KD123456 KD1234567', ['KD1234', 'KD123456']],
  ]
  it.each(texts)('%s', (_, pattern, text, values) => {
    expect(found(pattern, text)).toEqual(values)
  })

  it('a value however it is written, and its place in the text as it was given', () => {
    expect(found('ACME-\\d{4}', 'see ＡＣＭＥ－１２３４ and AC\u200bME-12\u00ad34.')).toEqual([
      'ＡＣＭＥ－１２３４',
      'AC\u200bME-12\u00ad34',
    ])
    expect(found('ACME-\\d{4}', '<p>ACME-<b>1234</b></p>', 'html')).toEqual(['ACME-<b>1234'])
    expect(found('Société \\d{4}', 'Société 1234, Societe 1234')).toEqual([
      'Société 1234',
      'Societe 1234',
    ])
  })

  it('with the kind, the confidence and the id that policy gives it', () => {
    const detector = {
      ...detectorOf('ACME-\\d{4}'),
      kind: 'medical_id',
      confidence: 'certain',
    } as const
    expect(detect('Ref. ACME-1234', { custom: [detector] })).toEqual([
      {
        kind: 'medical_id',
        start: 5,
        end: 14,
        confidence: 'certain',
        why: { rule: 'policy_number' },
      },
    ])
  })

  it('never half a surrogate pair', () => {
    expect(found('.{3}ACME', '🂡🂡🂡🂡ACME')).toEqual(['🂡🂡🂡ACME'])
  })
})

const PARTS = (
  'a b A 1 - \\d \\w \\s \\D \\W \\S . [ab] [bc] [^a] [A-Z0-9] \\. (?:ab|cd) (?:a|ab) (ab|abc|abcd) (?:x) ' +
  '(a+) (?:a|b)* (?=a) \\b ^ $ \\1 🂡 é \\u0041'
).split(' ')

/** Patterns out of parts that are safe alone; together they may be anything. */
const anyPattern = fc
  .array(
    fc.tuple(
      fc.constantFrom(' ', ...PARTS),
      fc.constantFrom('', '', '', '?', '{2}', '{0,3}', '{1,8}', '{4,64}', '*', '+', '{3,}', '??'),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.flat().join(''))

/** A text that a pattern of the safe syntax matches, part by part; the shortest it can be. */
const anyTaken = fc
  .array(
    fc.constantFrom<[string, string][]>(
      ...([
        ['ACME', 'ACME'],
        ['-', '-'],
        ['\\d{4}', '2026'],
        ['\\d{2,5}', '202'],
        ['[A-Z]{2}', 'QX'],
        ['[a-f]{3,9}', 'cafe'],
        ['[-/ ]?', '/'],
        ['(?:KD|PL)', 'PL'],
        ['\\.', '.'],
        ['\\w{1,8}', 'w_9'],
        ['[ab]{1,64}', 'abba'],
        ['[bc]{1,64}', 'cbbc'],
        ['a?', 'a'],
        ['(?:a|ab)', 'a'],
      ] satisfies [string, string][]),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((parts) => ({
    pattern: parts.map(([pattern]) => pattern).join(''),
    example: parts.map(([, example]) => example).join(''),
  }))

describe('the judge of patterns', () => {
  it.each(['(a+)+$', '(?:a|aa)+$', '\\d*\\d*X', '(?:\\w{1,64})*$'])(
    'knows that %s is unsafe',
    (pattern) => {
      expect(checkSync(`^(?:${pattern})`, 'u', { timeout: 10_000 }).status).toBe('vulnerable')
    },
  )
})

describe('whatever is taken', () => {
  it('matches its own example, from its first character to its last', () => {
    let taken = 0
    fc.assert(
      fc.property(anyTaken, ({ pattern, example }) => {
        const detector = detectorOf(pattern, example)
        if (!checkCustomDetector(detector).ok) return
        taken += 1
        expect(found(pattern, example)).toEqual([example])
        expect(found(pattern, `\n${example}.\n${example}`)).toEqual([example, example])
      }),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(50)
  })

  it('is safe to an independent judge of patterns', { timeout: 120_000 }, () => {
    const judged = new Set<string>()
    fc.assert(
      fc.property(
        fc.oneof(
          anyPattern,
          anyTaken.map(({ pattern }) => pattern),
        ),
        (pattern) => {
          const check = checkCustomDetector(detectorOf(pattern))
          // The example is beside the point here: what it is asked for last was judged safe before.
          if ((!check.ok && check.code !== 'example_not_matched') || judged.has(pattern)) return
          judged.add(pattern)
          // Anchored: at each place of a text, the matcher takes a bounded number of steps.
          const { status } = checkSync(`^(?:${pattern})`, 'u', { timeout: 5000 })
          expect({ pattern, status }).toEqual({ pattern, status: 'safe' })
        },
      ),
      { numRuns: 400 },
    )
    expect(judged.size).toBeGreaterThan(20)
  })

  it('never throws, whatever the pattern is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), anyPattern), fc.string(), (...parts) => {
        expect(() => checkCustomDetector(detectorOf(...parts))).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})

/** Notes that only some may read: who writes, who reads, and what stands in the ticket instead. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkNoteText,
  mayWriteNote,
  nextNoteNumber,
  noteClasses,
  standInFor,
} from '../../src/core/restricted-note.ts'
import { formatToken, parseFieldText, tokenFrom } from '../../src/core/token.ts'
import { SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { isComparable } from '../../src/core/place.ts'
import { placeOf } from '../../src/core/vaulted-field.ts'
import { detect } from '../../src/detect/detect.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { gate, POLICY } from './people-and-policy.ts'

const TOKEN = tokenFrom(new Uint8Array(16))

describe('writing a restricted note', () => {
  it.each([
    ['an agent', ['frontline'], ['confidential', 'restricted', 'secret']],
    ['a lead', ['lead'], ['confidential', 'restricted', 'secret']],
    ['compliance', ['compliance'], []],
    ['an administrator', ['administrator'], []],
    ['somebody without a role', [], []],
  ] as const)('as %s is possible in the classes one may ask to read', (_, roles, expected) => {
    const possible = SENSITIVITY_CLASSES.filter((each) => mayWriteNote(each, roles, POLICY).allowed)
    expect(possible).toEqual(expected)
    expect(noteClasses(roles, POLICY).map(({ sensitivityClass }) => sensitivityClass)).toEqual(
      expected,
    )
  })

  it('goes on while reveals are paused: nothing is shown by it', () => {
    const paused = { ...POLICY, areRevealsPaused: true, extraHiddenFieldIds: [] }
    expect(mayWriteNote('secret', ['frontline'], paused)).toEqual({ allowed: true })
  })

  it('says who reads a class after whose decision, over all levels of it', () => {
    const policy = {
      ...POLICY,
      matrix: {
        ...POLICY.matrix,
        lead: { confidential: 'reveal', restricted: 'request', secret: 'request' },
        frontline: { confidential: 'request', restricted: 'request', secret: 'none' },
      } as const,
      approval: {
        ...POLICY.approval,
        restricted: [gate(1, ['lead']), gate(2, ['compliance', 'lead'])],
      },
    }
    expect(noteClasses(['frontline'], policy)).toEqual([
      {
        sensitivityClass: 'confidential',
        askers: ['frontline'],
        readers: ['lead'],
        approvers: ['lead'],
        displaySeconds: 120,
      },
      {
        sensitivityClass: 'restricted',
        askers: ['frontline', 'lead'],
        readers: [],
        approvers: ['lead', 'compliance'],
        displaySeconds: 60,
      },
    ])
  })

  it.each(['', ' ', '\n\t', '\u200b\u2060\ufeff', '\u00ad'])(
    'needs something visible: %j',
    (text) => {
      expect(checkNoteText(text)).toEqual({ allowed: false, code: 'value_invalid' })
    },
  )

  it.each(['x', '。', '•••• 4242', `[scrim:${TOKEN}]`, ' ٣ '])('takes %j', (text) => {
    expect(checkNoteText(text)).toEqual({ allowed: true })
  })
})

describe('the number of a note', () => {
  it.each([
    [[], 1],
    [['card_number', 'comment_7_9', 'attachment_12'], 1],
    [['note_1'], 2],
    [['note_2', 'note_10', 'note_9'], 11],
    // An id of the catalogue that only looks like one.
    [['note_0', 'note_01', 'my_note_7', 'note_'], 1],
  ] as const)('after %j is %i', (fieldIds, number) => {
    expect(nextNoteNumber(fieldIds)).toBe(number)
  })
})

describe('the private note in the ticket', () => {
  const standIn = (author = 'Maya Rivera', token = TOKEN) =>
    standInFor({ author, sensitivityClass: 'secret', token })

  it('names author, class and token', () => {
    expect(standIn()).toMatch(/^<p>Restricted note by Maya Rivera \(secret\)\. .+<\/p>$/)
    expect(parseFieldText(standIn())).toBe(TOKEN)
  })

  it('keeps a name within its place: neither markup nor lines of its own', () => {
    const written = standIn('</p><script>alert(1)</script>\n\n"R&D"')
    expect(written.replace(/^<p>|<\/p>$/g, '')).not.toMatch(/[<>\n]/)
    expect(written).toContain('&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;R&amp;D&quot;')
  })

  it('holds nothing besides its token that detection could take for a value, at any level', () => {
    const levels = Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, 'possible'])) as Record<
      (typeof DETECTED_KINDS)[number],
      'possible'
    >
    // Of some twenty thousand tokens one looks like a card or a phone number: ingestion knows its own.
    const words = standIn('Tomás Vidal').replace(formatToken(TOKEN), '')
    expect(detect(words, { levels, custom: [], markup: 'html' })).toEqual([])
  })

  it('has a token that no name can push aside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (author) => {
        expect(standIn(author)).toContain(`[scrim:${TOKEN}]</p>`)
      }),
    )
  })
})

describe('comparing with what a customer says', () => {
  it.each([
    ['card_number', true],
    ['comment_9001_2', true],
    ['attachment_7001', false],
    ['note_3', false],
  ])('%s: %s', (fieldId, expected) => {
    expect(isComparable(placeOf(fieldId))).toBe(expected)
  })
})

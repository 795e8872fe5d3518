import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksMasked } from '../../src/core/mask.ts'
import type { ClassByKind } from '../../src/core/mask-text.ts'
import { maskSpans, maskText } from '../../src/core/mask-text.ts'
import { detect } from '../../src/detect/detect.ts'
import type { DetectOptions } from '../../src/detect/detector.ts'
import { RULES } from '../../src/detect/rules.ts'
import type { DetectedKind } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import {
  cardNumber,
  disguised,
  emailAddress,
  hostileText,
  iban,
  phoneNumber,
} from '../core/values.ts'

const everyKind = <T>(choice: T) =>
  Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, choice])) as Record<DetectedKind, T>

const RESTRICTED: ClassByKind = everyKind('restricted' as const)
/** All that the detector can find, not only what it acts on by default. */
const KEENEST: DetectOptions = { levels: everyKind('possible' as const) }

/** Obviously invented, and as long as the real ones. */
const AWS_KEY = `AKIA${'IOSFODNN7EXAMPLE'}`

/** What people write, one sentence or more a kind, and the value in it. */
const SENTENCES: [DetectedKind, string, string][] = [
  // Test cards of Stripe, PayPal and Adyen.
  ['payment_card', 'My card is 4242 4242 4242 4242, please charge it.', '4242 4242 4242 4242'],
  ['payment_card', 'Card: 4111-1111-1111-1111', '4111-1111-1111-1111'],
  ['payment_card', 'amex 378282246310005 thanks', '378282246310005'],
  ['payment_card', 'Visa 4242424242424242 exp 12/30 cvv 737', '4242424242424242'],
  ['card_verification_code', 'The CVV is 737.', '737'],
  ['card_verification_code', 'security code on the back of the card: 123', '123'],
  ['card_expiry', 'The card expires 12/30.', '12/30'],
  ['card_expiry', 'expiry date: 03/2030', '03/2030'],
  // The ISO 13616 registry's own examples.
  ['bank_account', 'Refund to DE89 3704 0044 0532 0130 00 please', 'DE89 3704 0044 0532 0130 00'],
  ['bank_account', 'IBAN: GB82WEST12345698765432', 'GB82WEST12345698765432'],
  ['bank_account', 'Konto NO93 8601 1117 947', 'NO93 8601 1117 947'],
  ['bank_account', 'Routing number 021000021, account number 123456789', '021000021'],
  // Published as invalid or as a specimen.
  ['national_id', 'My SSN is 536-90-4399', '536-90-4399'],
  ['national_id', 'social security number: 078-05-1120', '078-05-1120'],
  ['identity_document', 'Passport number: C01X00T47', 'C01X00T47'],
  ['identity_document', "driver's license number D1234567", 'D1234567'],
  ['date_of_birth', 'Date of birth: 12.08.1964', '12.08.1964'],
  ['date_of_birth', 'I was born on 12 August 1964.', '12 August 1964'],
  // Ofcom's and the North American plan's numbers for drama.
  ['phone', 'Call me at +44 20 7946 0018 tomorrow', '+44 20 7946 0018'],
  ['phone', 'phone: (202) 555-0143', '(202) 555-0143'],
  ['email', 'Write to maya.rivera@example.com', 'maya.rivera@example.com'],
  ['email', '<jo@example.org> wrote:', 'jo@example.org'],
  // RFC 5737, RFC 3849, RFC 7042.
  ['ip_address', 'It answers from 192.0.2.146 only', '192.0.2.146'],
  ['ip_address', 'client IP 2001:db8::8a2e:370:7334', '2001:db8::8a2e:370:7334'],
  ['mac_address', 'MAC 00:00:5E:00:53:AF', '00:00:5E:00:53:AF'],
  [
    'address',
    'My address is 742 Evergreen Terrace, Springfield, IL 62704',
    '742 Evergreen Terrace',
  ],
  // BIP 173's and EIP-55's examples.
  [
    'crypto_wallet',
    'Send it to BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
  ],
  [
    'crypto_wallet',
    'wallet 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  ],
  ['credential', `aws_access_key_id = ${AWS_KEY}`, AWS_KEY],
  ['credential', 'password: Tr0ub4dor&3', 'Tr0ub4dor&3'],
  ['credential', 'postgres://maya:hunter2secret@db.example.com:5432/shop', 'hunter2secret'],
  // NHS Digital's and CMS's examples.
  ['medical_id', 'NHS number: 943 476 5919', '943 476 5919'],
  ['medical_id', 'Medicare MBI 1EG4-TE5-MK73', '1EG4-TE5-MK73'],
]

const words = fc.constantFrom(
  ...'card cvv exp IBAN SSN passport born phone password: token = account wallet'.split(' '),
  ...'NHS number my is and order ticket é 😀 #'.split(' '),
)
const numbers = fc.oneof(
  fc.stringMatching(/^\d{1,12}$/),
  fc.stringMatching(/^\d{2,4}(?:[ ./-]\d{2,4}){1,4}$/),
)
const mixture = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(...SENTENCES.map(([, , value]) => value)),
        fc.constantFrom(...SENTENCES.map(([, text]) => text)),
        cardNumber,
        cardNumber.chain(disguised),
        iban,
        emailAddress,
        phoneNumber,
        numbers,
        words,
        words,
        hostileText,
      ),
      fc.constantFrom(' ', ' ', '\n', ', ', ': ', ' / ', '-', '', '\u200b', '<br>', '&nbsp;', '\t'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.flat().join(''))

/** Sentences whose kind some rule finds. */
const FINDABLE = SENTENCES.filter(([kind]) => RULES.some((rule) => rule.kind === kind))

describe('masking what was found, and looking again', () => {
  it.each(FINDABLE)('a %s in “%s” is found, hidden, and not found again', (kind, text, value) => {
    for (const markup of ['text', 'html'] as const) {
      const spans = detect(text, { markup })
      const at = text.indexOf(value)
      const end = at + value.length
      const covering = spans.filter((span) => span.start <= at && span.end >= end)
      expect(covering.map((span) => span.kind)).toEqual([kind])
      const masked = maskSpans(text, spans, RESTRICTED, { markup })
      expect(masked).not.toContain(value)
      expect(looksMasked(masked)).toBe(true)
      expect(detect(masked, { markup })).toEqual([])
    }
  })

  it('any mixture of values and words leaves nothing to find', () => {
    fc.assert(
      fc.property(mixture, fc.constantFrom('text' as const, 'html' as const), (text, markup) => {
        const masked = maskText(text, RESTRICTED, { markup })
        expect(detect(masked, { markup })).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it('neither does it for those who act on the least suspicion', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const masked = maskText(text, RESTRICTED, KEENEST)
        expect(detect(masked, KEENEST)).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it('what stands apart needs masking once only', () => {
    const sentence = fc.constantFrom(...SENTENCES.map(([, text]) => text))
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), (sentences) => {
        const text = sentences.join('\n\n')
        expect(maskText(text, RESTRICTED)).toBe(maskSpans(text, detect(text), RESTRICTED))
      }),
    )
  })

  it('a text without findings stays as it is', () => {
    const text = 'Order 20240117-0042 shipped with version 1.2.3; see ticket #48213. 😀'
    expect(maskText(text, RESTRICTED)).toBe(text)
  })

  it('a text masked once stays as it is', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        const masked = maskText(text, RESTRICTED)
        expect(maskText(masked, RESTRICTED)).toBe(masked)
      }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'
import type { Span } from '../../../src/detect/span.ts'
import { mutations } from '../mutations.ts'

function cards(text: string): Span[] {
  return detect(text).filter(({ kind }) => kind === 'payment_card')
}

function found(text: string): string[] {
  return cards(text).map(({ start, end }) => text.slice(start, end))
}

/** Test numbers that payment providers publish (Stripe, Adyen, PayPal, Worldpay, Mir, Elo). */
const PUBLISHED = [
  '4242424242424242',
  '4000056655665556',
  '5555555555554444',
  '2223003122003222',
  '5200828282828210',
  '5105105105105100',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '6011000990139424',
  '30569309025904',
  '38520000023237',
  '3566002020360505',
  '6205500000000000004',
  '6200000000000005',
  '2200000000000053',
  '9792030394440796',
  '6759649826438453',
  '5066991111111118',
  '6062826786276634',
  '5019717010103742',
]

/** In the groups that are embossed on the card. */
function embossed(digits: string, separator: string): string {
  const groups =
    digits.length < 16 ? /^(\d{4})(\d{6})(\d{4,5})$/ : /^(\d{4})(\d{4})(\d{4})(\d{4})(\d*)$/
  return (groups.exec(digits) ?? []).slice(1).filter(Boolean).join(separator)
}

describe('payment cards', () => {
  test.each(PUBLISHED)('%s is found with a word that says so, and is certain', (digits) => {
    const text = `My card number is ${digits}.`
    expect(found(text)).toEqual([digits])
    expect(cards(text)[0]?.confidence).toBe('certain')
  })

  test.each(PUBLISHED)('%s is found as it is embossed, without a word', (digits) => {
    for (const separator of [' ', '-', '.', '\u00a0', '_']) {
      const value = embossed(digits, separator)
      expect(found(`Here you go: ${value}, thanks`)).toEqual([value])
    }
  })

  test.each([
    ['in a sentence', 'it is 4242424242424242, and please hurry', '4242424242424242'],
    ['in parentheses', '(4242 4242 4242 4242)', '4242 4242 4242 4242'],
    ['in JSON', '{"card_number":"4242424242424242"}', '4242424242424242'],
    ['across a line break', 'card:\n4242 4242\n4242 4242', '4242 4242\n4242 4242'],
    ['across a line break of another system', '4242 4242\r\n4242 4242', '4242 4242\r\n4242 4242'],
    [
      'in full-width digits',
      'カード ４２４２　４２４２　４２４２　４２４２',
      '４２４２　４２４２　４２４２　４２４２',
    ],
    ['in Arabic digits', 'رقم ٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢'],
    [
      'with invisible characters',
      'card 4242\u200b4242\u00ad4242\u20604242',
      '4242\u200b4242\u00ad4242\u20604242',
    ],
    ['digit by digit', '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2', '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2'],
    ['right behind a word', 'Visa4242424242424242', '4242424242424242'],
    ['with expiry and code behind it', '4242424242424242 12/27 123', '4242424242424242'],
    ['with expiry behind a slash', 'card 4242424242424242/12/27', '4242424242424242'],
    [
      'after an order number',
      'order 4500123987 was paid with 4242424242424242',
      '4242424242424242',
    ],
    ['in another language', 'Meine Kreditkartennummer lautet 4242424242424242', '4242424242424242'],
  ])('is found %s', (_name, text, value) => {
    expect(found(text)).toEqual([value])
  })

  test('a value in HTML is found through its tags', () => {
    const html = '<p>card <b>4242</b>&nbsp;4242 4242&#32;4242</p>'
    const [span] = detect(html, { markup: 'html' })
    expect(span && html.slice(span.start, span.end)).toBe('4242</b>&nbsp;4242 4242&#32;4242')
  })

  test.each([
    ['an order number that looks like one', 'order number 4242424242424242'],
    ['a number after a sign for numbers', 'see #4242424242424242'],
    ['a tracking number', 'tracking 9400111899223100001234'],
    ['an IMEI', 'IMEI 490154203237518'],
    ['a time in milliseconds', 'at 1732271829000 and 4732271829003'],
    ['an amount', 'a loss of $4242424242424242'],
    ['a decimal', '0.4242424242424242'],
    ['a part of a longer id', 'INV-4242424242424242 and 4242424242424242-7'],
    ['a hash', '4242424242424242a7c1'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['a number in a path', 'https://example.com/orders/4242424242424242'],
    ['one digit over and over', '4444444444444444 and 0000 0000 0000 0000'],
    ['a mask', 'card •••• •••• •••• 4242 or **** **** **** 4242'],
    ['two numbers in two lines', 'sold 4242 4242\nreturned 4242 4242'],
  ])('%s is none', (_name, text) => {
    expect(found(text)).toEqual([])
  })

  // Luhn does not see 09 exchanged with 90 (ISO/IEC 7812-1, annex B): these hold neither.
  test.each(['4242424242424242', '5555555555554444', '378282246310005', '6011111111111117'])(
    'no number that is almost %s',
    (digits) => {
      for (const { name, text } of mutations(digits)) {
        expect([name, found(`My card is ${text} thanks`)]).toEqual([name, []])
      }
      for (const { name, text } of mutations(embossed(digits, ' '))) {
        expect([name, found(`It is ${text} thanks`)]).toEqual([name, []])
      }
    },
  )
})

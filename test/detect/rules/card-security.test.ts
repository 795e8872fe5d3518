import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'
import type { DetectedKind } from '../../../src/detect/span.ts'

function found(text: string, wanted: DetectedKind): string[] {
  return detect(text)
    .filter(({ kind }) => kind === wanted)
    .map(({ start, end }) => text.slice(start, end))
}

// 737 and 7373 are Adyen's codes for test cards, 123 and 1234 those that Stripe's documentation shows.
describe('card verification codes', () => {
  test.each([
    ['CVV: 737', '737'],
    ['The CVC is 737, try again', '737'],
    ['cvv2=123', '123'],
    ['"cvc":"123"', '123'],
    ['CVV\n737', '737'],
    ['CVV code for my Visa: 737.', '737'],
    ['security code 737', '737'],
    ['Amex security code 7373', '7373'],
    ['737 is my CVV', '737'],
    ['it is 737 (CVV)', '737'],
    ['the 3 digits on the back are 737', '737'],
    ['Kartenprüfnummer 737', '737'],
    ['Sicherheitscode: 737', '737'],
    ['cryptogramme visuel : 737', '737'],
    ['código de seguridad 737', '737'],
    ['codice di sicurezza: 737', '737'],
    ['código de segurança é 737', '737'],
    ['beveiligingscode 737', '737'],
    ['4242 4242 4242 4242 12/27 123', '123'],
    ['4242424242424242|12|2027|123', '123'],
  ])('%s holds one', (text, value) => {
    expect(found(text, 'card_verification_code')).toEqual([value])
  })

  test.each([
    ['a question', 'Why is the CVV required? I have 3 cards'],
    ['too many digits', 'CVV 12345'],
    ['a number of digits', 'the CVV has 3 digits'],
    ['a code with other digits', 'security code 482913'],
    ['a longer number', 'cvv 737-22-1'],
    ['a decimal number', 'cvv 737.50'],
    ['another sentence', 'It wants the CVV. Order 737 is affected'],
    ['a mask', 'CVV •••'],
    ['a number behind a number that is no card', '4242 4242 4242 4241 12/27 123'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'card_verification_code')).toEqual([])
  })
})

describe('rows of a table', () => {
  test('hold number, expiry and code of a card in fields of their own', () => {
    const row = '1,4242424242424242,12/27,123'
    expect(detect(row).map(({ start, end }) => row.slice(start, end))).toEqual([
      '4242424242424242',
      '12/27',
      '123',
    ])
  })

  test('hold amounts that are no card', () => {
    expect(detect('1,424,242,424,242,424.50 and 0,42424242')).toEqual([])
  })
})

describe('card verification codes among words', () => {
  test.each([
    'the last three digits on the back of my card are 052',
    'security number on the reverse side is 052',
    'Security code (3 digits): 052',
    "my card's three-digit code, 052, was refused",
    'cvv (the 3 digits on the back) 052',
    'Agent: and the CVV please?\nCustomer: 052',
    "[10:42] Agent: what's the security code?\n[10:43] Jane Doe: its 052",
    'die drei Ziffern auf der Rückseite sind 052',
    'los tres números de atrás son 052',
    '4242 4242 4242 4242, 09/27, code 052',
    '052 is the security code on my card',
  ])('%s holds one', (text) => {
    expect(found(text, 'card_verification_code')).toEqual(['052'])
  })

  test.each([
    'the serial number on the back is 884',
    'the number on the back of the box is 4471',
    'the back of the router says 192',
    'card declined with code 51',
    'gift card code 120',
    'does the CVV have 3 or 4 digits?',
    'room 412 on the back side of the building',
  ])('%s holds none', (text) => {
    expect(found(text, 'card_verification_code')).toEqual([])
  })
})

describe('card expiry dates', () => {
  test.each([
    ['exp 12/27', '12/27'],
    ['the expiration of the new card should be 02/30', '02/30'],
    ['CVV 981, card valid till 11/2027', '11/2027'],
    ['4242 4242 4242 4242 (valid 02/30)', '02/30'],
    ['Agent: expiration date?\nCustomer: 04/2026', '04/2026'],
    ['Expiry date: 03/2030', '03/2030'],
    ['valid thru 09-28', '09-28'],
    ['my card expires on 10/27', '10/27'],
    ['Visa ending in 4242, expiring 08/31', '08/31'],
    ['Karte gültig bis 08/29', '08/29'],
    ['la tarjeta caduca 09/28', '09/28'],
    ['scadenza 11/29', '11/29'],
    ['fecha de vencimiento: 10/30', '10/30'],
    ['validade do cartão: 12/28', '12/28'],
    ['kaart geldig tot 02/28', '02/28'],
    ['exp\n12/27', '12/27'],
    ['4242 4242 4242 4242 12/27', '12/27'],
    ['4242424242424242 12/2027 123', '12/2027'],
  ])('%s holds one', (text, value) => {
    expect(found(text, 'card_expiry')).toEqual([value])
  })

  test.each([
    ["a gift card's", 'gift card valid until 12/2026'],
    ["a certificate's", 'the TLS certificate expires 12/25'],
    ["a licence's", 'Your licence is valid until 12/25'],
    ["a subscription's", 'my subscription: exp 12/25'],
    ["a thing's that nobody names", 'I think that it expires 12/24'],
    ['what begins a line and names no card', 'expires 10/26'],
    ['what begins a line and is valid', 'valid until 12/2025'],
    ['a day', 'the card expires 12/27/2027'],
    ['no month', 'exp 13/27'],
    ['long past', 'exp 12/97'],
    ['a time', 'exp 12/27:30'],
    ['a fraction', 'about 11/24 of it'],
    ['an epoch', 'exp: 1718997515'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'card_expiry')).toEqual([])
  })
})

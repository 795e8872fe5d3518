import type { CountryCode } from 'libphonenumber-js'
import { getCountries, getExampleNumber } from 'libphonenumber-js'
import examples from 'libphonenumber-js/examples.mobile.json'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'
import { phonePlansModule } from './phone-plans.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'phone')
    .map(({ start, end, confidence }) => `${text.slice(start, end)} ${confidence}`)
}

function exampleOf(country: CountryCode) {
  const example = getExampleNumber(country, examples)
  if (example === undefined) throw new Error(`No example number of ${country}.`)
  return example
}

const COUNTRIES = getCountries()

describe('phone numbers', () => {
  // Numbers that regulators set aside for drama: Ofcom (020 7946 0xxx, 07700 900xxx), NANPA (555-01xx), ACMA
  // (0491 570 xxx), Arcep (06 39 98 xx xx), Bundesnetzagentur (030 23125 xxx, 0171 39200 xx).
  test.each([
    ['Call +44 20 7946 0018 now', '+44 20 7946 0018 certain'],
    ['+44 (0)20 7946 0018 is mine', '+44 (0)20 7946 0018 certain'],
    ['(+44) 20 7946 0018', '(+44) 20 7946 0018 certain'],
    ['+442079460018.', '+442079460018 certain'],
    ['tel:+1-202-555-0143', '+1-202-555-0143 certain'],
    ['+33 6 39 98 12 34', '+33 6 39 98 12 34 certain'],
    ['+49 (30) 23125-014', '+49 (30) 23125-014 certain'],
    ['0044 20 7946 0018', '0044 20 7946 0018 likely'],
    ['011 44 20 7946 0018', '011 44 20 7946 0018 likely'],
    ['＋４４ ２０ ７９４６ ００１８', '＋４４ ２０ ７９４６ ００１８ certain'],
    ['I am at (202) 555-0143 all day', '(202) 555-0143 likely'],
    ['(555) 123-4567', '(555) 123-4567 likely'],
    ['555-123-4567', '555-123-4567 likely'],
    ['555.123.4567', '555.123.4567 likely'],
    ['202 555 0143', '202 555 0143 likely'],
    ['1-800-555-0199', '1-800-555-0199 likely'],
    ['1 (800) 555-0199', '1 (800) 555-0199 likely'],
    ['(202) 555-0143 ext. 12', '(202) 555-0143 ext. 12 likely'],
    ['202-555-0143 x9', '202-555-0143 x9 likely'],
    ['020 7946 0018', '020 7946 0018 likely'],
    ['(020) 7946 0018', '(020) 7946 0018 likely'],
    ['07700 900123', '07700 900123 likely'],
    ['06 39 98 12 34', '06 39 98 12 34 likely'],
    ['06.39.98.12.34', '06.39.98.12.34 likely'],
    ['030/23125 014', '030/23125 014 likely'],
    ['0171-3920012', '0171-3920012 likely'],
    ['0491 570 156', '0491 570 156 likely'],
    ['(11) 91234-5678', '(11) 91234-5678 likely'],
    ['03-1234-5678', '03-1234-5678 likely'],
    ['612 34 56 78', '612 34 56 78 likely'],
    ['8 (912) 345-67-89', '8 (912) 345-67-89 likely'],
    ['Handy: 0171-3920012', '0171-3920012 certain'],
    ['my mobile is 07700900123', '07700900123 likely'],
    ['call me at 2025550143', '2025550143 likely'],
    ['WhatsApp 9876543210', '9876543210 likely'],
    ['phone 555-0143', '555-0143 likely'],
    ['Tlf. / telefon 22 12 34 56', '22 12 34 56 likely'],
    ['电话：138 1234 5678', '138 1234 5678 certain'],
  ])('%s holds one', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  test.each([
    ['a date', 'on 2026-11-22 at 14:05'],
    ['a date with dots', 'phone died 22.11.2026 14.05'],
    ['years', 'phone plans 2020-2024'],
    ['an address of a machine', 'phone system at 192.168.1.100'],
    ['a US social security number', 'phone bill of 536-90-4399'],
    ['a card', 'phone payment 4242 4242 4242 4242'],
    ['a version', 'mobile app 10.0.19041.1023'],
    ['coordinates', 'cell at 40.7128, -74.0060'],
    ['an amount', 'fixed for 1.234.567,89 and 12 345 678.00'],
    ['a tracking number', 'tracking 1Z999AA10123456784, 9400 1000 0000 0000 0000 00'],
    ['an order number of ten digits', 'order 2025550143'],
    ['a number of ten digits', '2025550143 rows were copied'],
    ['an epoch', 'phone synced at timestamp 1700000000'],
    ['a hash', 'a3f5550143b 5550143c'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['an emergency number', 'call 911 or 112'],
    ['an extension alone', 'call extension 4312'],
    ['an area code that none has', '123-456-7890'],
    ['a masked number', 'phone +44 •••• ••0018'],
    ['an unknown calling code', '+999 20 7946 0018'],
    ['too few digits for the country', '+44 20 794'],
    ['a row of ones', '1111111111'],
    ['ids filled up with zeros', '0012025550143 0000012025550143'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })

  test('neither a card nor a word beside it becomes part of it', () => {
    expect(found('4242 4242 4242 4242 202-555-0143')).toEqual(['202-555-0143 likely'])
    expect(found('202-555-0143 4242 4242 4242 4242')).toEqual(['202-555-0143 likely'])
    expect(found('+49 30 23125 014 2 times')).toEqual(['+49 30 23125 014 certain'])
    expect(found('+1-202-555-0143,+44 20 7946 0018')).toHaveLength(2)
    expect(found('0900-1234567 2 times')).toEqual(['0900-1234567 likely'])
  })

  test.each(COUNTRIES)('%s: its example number is found as written to foreigners', (country) => {
    const written = exampleOf(country).formatInternational()
    expect(found(`It is ${written} now`)).toEqual([`${written} certain`])
    expect(found(exampleOf(country).number)).toEqual([`${exampleOf(country).number} certain`])
  })

  test.each([
    'US',
    'CA',
    'GB',
    'FR',
    'DE',
    'ES',
    'NL',
    'BE',
    'CH',
    'AT',
    'AU',
    'JP',
    'BR',
  ] as const)('%s: its example number is found as written at home', (country) => {
    const written = exampleOf(country).formatNational()
    expect(found(`It is ${written} now`)).toEqual([`${written} likely`])
  })

  test('the numbering plans are those of the installed libphonenumber-js', () => {
    const committed = new URL('../../../src/detect/rules/phone-plans.ts', import.meta.url)
    expect(readFileSync(committed, 'utf8')).toBe(phonePlansModule())
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { base58, bech32, bech32m } from '@scure/base'
import { isValidBIC, isValidIBAN } from 'ibantools'
import type { CountryCode } from 'libphonenumber-js/max'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import type { DetectedKind } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { corpusCases, everydayCases, parseCorpus } from './corpus.ts'

const cases = corpusCases()
const everyday = everydayCases()

// The kind `other` is for what administrators define themselves.
const KINDS = DETECTED_KINDS.filter((kind) => kind !== 'other')

describe('the detection corpus', () => {
  test('holds at least 1,500 lines, 500 of them without anything sensitive', () => {
    expect(cases.length).toBeGreaterThanOrEqual(1500)
    expect(cases.filter((one) => one.spans.length === 0).length).toBeGreaterThanOrEqual(500)
  })

  test('holds 1,000 lines of ordinary support talk, none of them marked', () => {
    expect(everyday.length).toBeGreaterThanOrEqual(1000)
    expect(everyday.filter((one) => one.spans.length > 0)).toEqual([])
  })

  test('says no line twice', () => {
    const seen = new Map<string, string>()
    const twice: string[] = []
    for (const { file, line, text } of [...cases, ...everyday]) {
      const first = seen.get(text)
      if (first !== undefined) twice.push(`${file}:${line} repeats ${first}`)
      seen.set(text, `${file}:${line}`)
    }
    expect(twice).toEqual([])
  })

  test.each(KINDS)('holds at least 30 values of kind %s', (kind) => {
    const count = cases.flatMap((one) => one.spans).filter((span) => span.kind === kind).length
    expect(count).toBeGreaterThanOrEqual(30)
  })

  test('marks values without spaces around them, in order, none within another', () => {
    const faults = cases.flatMap(({ file, line, text, spans }) =>
      spans.flatMap((span, index) => {
        const value = text.slice(span.start, span.end)
        const isPlaced = span.start >= (spans[index - 1]?.end ?? 0) && span.coreStart < span.coreEnd
        return isPlaced && value === value.trim() ? [] : [`${file}:${line} ${value}`]
      }),
    )
    expect(faults).toEqual([])
  })

  test('names a line that it cannot read', () => {
    expect(() => parseCorpus('fine\n{{payment:1}}', 'x.txt')).toThrow(
      'x.txt:2: no such kind: payment',
    )
    expect(() => parseCorpus('{{phone:1', 'x.txt')).toThrow('x.txt:1: a span that never ends')
    expect(() => parseCorpus('{{phone:}}', 'x.txt')).toThrow('x.txt:1: an empty value')
    expect(() => parseCorpus('C:\\Windows', 'x.txt')).toThrow('x.txt:1: unknown escape')
  })

  test('reads its own markup', () => {
    const [one] = parseCorpus('a {{phone/?:1}}', 'x.txt')
    expect(one?.spans).toEqual([])
    const [two] = parseCorpus('pw\\n{{?credential/other:x|y<<\\u0041>>}}}', 'x.txt')
    expect(two).toEqual({
      file: 'x.txt',
      line: 1,
      text: 'pw\nxyA}',
      spans: [
        {
          kind: 'credential',
          otherKinds: ['other'],
          start: 3,
          end: 6,
          coreStart: 5,
          coreEnd: 6,
          isOptional: true,
        },
      ],
    })
  })
})

describe('checked by libraries that judge no rule of ours', () => {
  const sections = checkedSections()

  test('most sections with a check digit say which check holds', () => {
    expect(sections.length).toBeGreaterThanOrEqual(70)
  })

  test.each(sections)('$file:$line every value passes $check', ({ check, kinds, cases }) => {
    const failing = cases.flatMap((one) =>
      one.spans
        .filter((span) => kinds.includes(span.kind) && !span.isOptional)
        .map((span) => one.text.slice(span.coreStart, span.coreEnd))
        .filter((value) => !passes(check, value)),
    )
    expect(failing).toEqual([])
  })
})

type Section = {
  file: string
  line: number
  check: string
  kinds: readonly DetectedKind[]
  cases: ReturnType<typeof corpusCases>
}

/** A line `#! CHECK` says what the values below it pass, up to the next empty line. */
function checkedSections(): Section[] {
  return [...new Set(cases.map((one) => one.file))].flatMap((file) => {
    const lines = readFileSync(new URL(`./corpus/${file}`, import.meta.url), 'utf8').split('\n')
    return lines.flatMap((source, index) => {
      if (!source.startsWith('#! ')) return []
      const check = source.slice(3)
      const end = lines.indexOf('', index)
      const isInSection = (line: number): boolean =>
        line > index && line <= (end < 0 ? Infinity : end)
      return [
        {
          file,
          line: index + 1,
          check,
          kinds: kindsOf(check),
          cases: cases.filter((one) => one.file === file && isInSection(one.line)),
        },
      ]
    })
  })
}

function kindsOf(check: string): readonly DetectedKind[] {
  if (check === 'luhn') return ['payment_card']
  if (check.startsWith('phone')) return ['phone']
  if (['iban', 'bic', 'aba'].includes(check)) return ['bank_account']
  if (['btc', 'eth', 'coin'].includes(check)) return ['crypto_wallet']
  if (check === 'mrz') return ['identity_document']
  return ['national_id', 'medical_id']
}

function passes(check: string, value: string): boolean {
  const plain = value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')
  const [name = '', ...countries] = check.split(' ')
  const library = name.includes('.') ? stdnumValidator(name) : undefined
  if (library !== undefined) return [value, plain].some((form) => library.validate(form).isValid)
  switch (name) {
    case 'luhn':
      return (
        /^\d{12,19}$/.test(plain) && sum(plain, (digit, place) => luhnTerm(digit, place)) % 10 === 0
      )
    case 'iban':
      return isValidIBAN(plain.toUpperCase())
    case 'bic':
      return isValidBIC(plain) || isValidIBAN(plain)
    case 'aba':
      return (
        plain.length !== 9 ||
        sum(plain, (digit, place) => digit * ([1, 7, 3][place % 3] ?? 0)) % 10 === 0
      )
    case 'phone': {
      const readings = [undefined, ...countries] as (CountryCode | undefined)[]
      const text = value.normalize('NFKC').replace(/[\u200B\u2011]/g, '-')
      return readings.some(
        (country) => parsePhoneNumberFromString(text, country)?.isPossible() === true,
      )
    }
    case 'nhs':
      return plain.length === 10 && sum(plain, (digit, place) => digit * (place + 1)) % 11 === 0
    case 'npi':
      return passes('luhn', `80840${plain}`)
    case 'mbi':
      return /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d\d$/.test(
        plain,
      )
    case 'dea':
      return isDea(plain)
    case 'aumedicare':
      return isAustralianMedicare(plain)
    case 'kvnr':
      return isVersichertennummer(plain)
    case 'btc':
      return isBase58Check(value) || isSegwit(value.toLowerCase())
    case 'eth':
      return isEthereum(value)
    case 'coin':
      return isCoin(value)
    case 'mrz':
      return isMachineReadable(value.split('\n'))
    default:
      throw new Error(`no such check: ${check}`)
  }
}

function stdnumValidator(name: string): { validate(value: string): { isValid: boolean } } {
  const [country = '', id = ''] = name.split('.')
  const validators: Record<
    string,
    Record<string, { validate(value: string): { isValid: boolean } }>
  > = stdnum
  const validator = validators[country]?.[id]
  if (validator === undefined) throw new Error(`stdnum knows no ${name}`)
  return validator
}

/** Places count from the last digit. */
function sum(digits: string, term: (digit: number, place: number) => number): number {
  return [...digits]
    .reverse()
    .reduce((total, digit, place) => total + term(Number(digit), place), 0)
}

function luhnTerm(digit: number, place: number): number {
  if (place % 2 === 0) return digit
  return digit > 4 ? digit * 2 - 9 : digit * 2
}

function isDea(id: string): boolean {
  if (!/^[A-Z]{2}\d{7}$/.test(id)) return false
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check] = Array.from(id.slice(2), Number)
  return (a + c + e + 2 * (b + d + f)) % 10 === check
}

function isAustralianMedicare(id: string): boolean {
  const weights = [1, 3, 7, 9, 1, 3, 7, 9]
  const total = weights.reduce((sum, weight, place) => sum + weight * Number(id[place]), 0)
  return /^[2-6]\d{9}$/.test(id) && total % 10 === Number(id[8])
}

function isVersichertennummer(id: string): boolean {
  const letter = String(id.charCodeAt(0) - 64).padStart(2, '0')
  const digits = letter + id.slice(1, 9)
  const total = [...digits].reduce((sum, digit, place) => {
    const product = Number(digit) * (place % 2 === 0 ? 1 : 2)
    return sum + (product > 9 ? product - 9 : product)
  }, 0)
  return /^[A-Z]\d{9}$/.test(id) && total % 10 === Number(id[9])
}

/** ICAO Doc 9303 parts 4 to 6: the check digits of number, birth, expiry and of all together. */
function isMachineReadable(rows: readonly string[]): boolean {
  const [first = '', second = ''] = rows
  const fields: [field: string, digit: string | undefined][] =
    rows.length === 3
      ? [
          [first.slice(5, 14), first[14]],
          [second.slice(0, 6), second[6]],
          [second.slice(8, 14), second[14]],
          [
            first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29),
            second[29],
          ],
        ]
      : [
          [second.slice(0, 9), second[9]],
          [second.slice(13, 19), second[19]],
          [second.slice(21, 27), second[27]],
          [second.slice(0, 10) + second.slice(13, 20) + second.slice(21, -1), second.at(-1)],
        ]
  const length = rows.length === 3 ? [30] : [36, 44]
  return (
    rows.every((row) => length.includes(row.length) && row.length === first.length) &&
    fields.every(([field, digit]) => String(mrzDigit(field)) === digit)
  )
}

function mrzDigit(field: string): number {
  const value = (char: string): number => (char === '<' ? 0 : Number.parseInt(char, 36))
  return [...field].reduce((sum, char, at) => sum + value(char) * ([7, 3, 1][at % 3] ?? 0), 0) % 10
}

function isBase58Check(value: string): boolean {
  try {
    const bytes = base58.decode(value)
    const body = bytes.slice(0, -4)
    const hash = createHash('sha256').update(createHash('sha256').update(body).digest()).digest()
    return hash.subarray(0, 4).equals(Buffer.from(bytes.slice(-4)))
  } catch {
    return false
  }
}

function isSegwit(value: string): boolean {
  const text = value as `${string}1${string}`
  return [bech32, bech32m].some((form) => form.decodeUnsafe(text, 200) !== undefined)
}

/** EIP-55: the case of each letter is a bit of the hash; one case throughout carries no check. */
function isEthereum(value: string): boolean {
  const body = value.slice(2)
  const lower = body.toLowerCase()
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) return false
  if (body === lower || body === body.toUpperCase()) return true
  const hash = Buffer.from(keccak_256(new TextEncoder().encode(lower))).toString('hex')
  const cased = [...lower].map((char, at) =>
    Number.parseInt(hash[at] ?? '0', 16) >= 8 ? char.toUpperCase() : char,
  )
  return cased.join('') === body
}

// Stellar, XRP and cash addresses have check sums of their own; the form is all that is checked of them.
function isCoin(value: string): boolean {
  return (
    isBase58Check(value) ||
    isSegwit(value.toLowerCase()) ||
    /^G[A-Z2-7]{55}$|^r[1-9A-HJ-NP-Za-km-z]{24,34}$|^bitcoincash:[a-z0-9]{42}$/.test(value)
  )
}

/** The arithmetic that national check digits share. Numbers come as digits and capitals alone. */
import { passesLuhn } from './luhn.ts'

/** A digit's worth, or A = 10 to Z = 35. */
export function worth(compact: string, at: number): number {
  const code = compact.charCodeAt(at)
  return code < 58 ? code - 48 : code - 55
}

/** Each character times its weight. A weight is one character, too: `A` weighs ten. */
export function weigh(compact: string, weights: string): number {
  let sum = 0
  for (let at = 0; at < weights.length; at += 1) sum += worth(compact, at) * worth(weights, at)
  return sum
}

/** Weighs and adds the digits of each product. */
export function weighDigits(compact: string, weights: string): number {
  let sum = 0
  for (let at = 0; at < weights.length; at += 1) {
    const product = worth(compact, at) * worth(weights, at)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum
}

/** The number that the characters `[start, end)` write. */
export function numberAt(compact: string, start: number, end: number): number {
  return Number(compact.slice(start, end))
}

/** Whether a month has such a day: of any year, or of `year` where that is given. */
export function isDay(day: number, month: number, year = 2000): boolean {
  if (day < 1 || month < 1 || month > 12) return false
  if (month === 2)
    return day <= (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28)
  return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31)
}

/** Whether day, month and year stand at `at` with two digits each. */
export function isDayMonthAt(compact: string, at: number): boolean {
  return isDay(numberAt(compact, at, at + 2), numberAt(compact, at + 2, at + 4))
}

/** Whether year, month and day stand at `at` with two digits each. */
export function isMonthDayAt(compact: string, at: number): boolean {
  return isDay(numberAt(compact, at + 4, at + 6), numberAt(compact, at + 2, at + 4))
}

/** ISO 7064 MOD 11,10: the last digit checks the others. */
export function passesMod11And10(digits: string): boolean {
  let rest = 10
  for (let at = 0; at < digits.length - 1; at += 1) {
    rest = (((rest + worth(digits, at)) % 10 || 10) * 2) % 11
  }
  return (rest + worth(digits, digits.length - 1)) % 10 === 1
}

const DIHEDRAL =
  '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210'
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
]

/** Verhoeff's dihedral check (J. Verhoeff, "Error Detecting Decimal Codes", 1969). */
export function passesVerhoeff(digits: string): boolean {
  let rest = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = worth(digits, digits.length - 1 - at)
    rest = worth(DIHEDRAL, rest * 10 + worth(PERMUTED[at % 8] ?? '', digit))
  }
  return rest === 0
}

/** The CURP of Mexico: Ñ has a place of its own behind N; the first character weighs most. */
export function weighOfMexico(compact: string): number {
  const { length } = compact
  let sum = 0
  for (let at = 0; at < length - 1; at += 1) {
    const value = worth(compact, at)
    sum += (value > 23 ? value + 1 : value) * (length - at)
  }
  return sum
}

/** Each character times its weight, modulo eleven. */
export function remainder11(compact: string, weights: string): number {
  return weigh(compact, weights) % 11
}

/** What the last character is worth: where most check digits stand. */
export function last(compact: string): number {
  return worth(compact, compact.length - 1)
}

/** As in a rule: a name and the test. */
type Check = { name: string; passes(compact: string): boolean }

/** A check modulo ten. */
export function mod10(passes: (compact: string) => boolean): Check {
  return { name: 'mod10', passes }
}

/** A check modulo eleven. */
export function mod11(passes: (compact: string) => boolean): Check {
  return { name: 'mod11', passes }
}

/** A check modulo 97. */
export function mod97(passes: (compact: string) => boolean): Check {
  return { name: 'mod97', passes }
}

/** Luhn's check: of the whole number unless told. */
export function luhn(passes: (compact: string) => boolean = passesLuhn): Check {
  return { name: 'luhn', passes }
}

/** Makes `src/detect/rules/phone-plans.ts` of the metadata that libphonenumber-js ships. */
import metadata from 'libphonenumber-js/metadata.min.json'

/** In libphonenumber-js' packed metadata: a country's general pattern, and the lengths it allows. */
const PATTERN = 2
const LENGTHS = 3

/** Calling codes whose patterns are kept: length and first digit would let too much pass. */
const WHOLE = new Set('1 7 34 55'.split(' '))

type Country = readonly unknown[]

const countries: Readonly<Record<string, Country>> = metadata.countries

function membersOf(members: readonly string[]): Country[] {
  return members.flatMap((country) => [countries[country] ?? []])
}

/** One line a calling code: the code, a blank, the national (significant) number's pattern. */
export function phonePlans(): string {
  return Object.entries(metadata.country_calling_codes)
    .filter(([code]) => WHOLE.has(code))
    .map(([code, members]) => {
      const patterns = membersOf(members).map((country) => String(country[PATTERN]))
      // The first is the code's main country; what it covers already needs no second mention.
      return `${code} ${[...new Set(code === '1' ? patterns.slice(0, 1) : patterns)].join('|')}`
    })
    .join('\n')
}

/**
 * Least and greatest length of the other codes' national numbers, one figure each, ten and more as
 * letters: `211-9979` says 9 to 9 of 211 and 7 to 9 of 212.
 */
export function phoneLengths(): string {
  const lengths = new Map<number, string>()
  const others: Readonly<Record<string, Country>> = metadata.nonGeographic
  const entries = [
    ...Object.entries(metadata.country_calling_codes).map(
      ([code, members]) => [code, membersOf(members)] as const,
    ),
    ...Object.entries(others).map(([code, entry]) => [code, [entry]] as const),
  ]
  for (const [code, members] of entries) {
    if (WHOLE.has(code)) continue
    const all = members.flatMap((country) => country[LENGTHS] as number[])
    lengths.set(Number(code), Math.min(...all).toString(36) + Math.max(...all).toString(36))
  }
  const codes = [...lengths.keys()].sort((left, right) => left - right)
  const written = codes.map((code) => {
    const isNext = lengths.has(code - 1)
    return `${isNext ? '' : `${String(code)}-`}${lengths.get(code) ?? ''}${lengths.has(code + 1) ? '' : ' '}`
  })
  return written
    .join('')
    .trim()
    .replaceAll(/(.{80,98}) /g, '$1\n')
}

/** The whole file, as committed. */
export function phonePlansModule(): string {
  return `/**
 * National number patterns by country calling code, from Google's libphonenumber by way of
 * libphonenumber-js (metadata.min.json). Written by \`npx tsx test/detect/rules/phone-plans.write.ts\`.
 */
export const PHONE_PLANS = String.raw\`
${phonePlans()}
\`

/** Of the other codes: least and greatest length of a number, \`211-9979\` being 9 to 9 for 211, 7 to 9 for 212. */
export const PHONE_LENGTHS = \`
${phoneLengths()}
\`
`
}

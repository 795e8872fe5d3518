/** Makes `src/detect/rules/phone-plans.ts` of the metadata that libphonenumber-js ships. */
import metadata from 'libphonenumber-js/metadata.min.json'

/** In libphonenumber-js' packed metadata: a country's general pattern, and the lengths it allows. */
const PATTERN = 2
const LENGTHS = 3

/** Calling codes whose patterns are kept: `phone.ts` knows how numbers are written inside the country. */
const WHOLE = new Set(
  '1 7 27 30 31 32 33 34 36 39 40 41 43 44 46 49 55 60 61 62 63 64 66 81 82 86 90 353 358 380 972'.split(
    ' ',
  ),
)

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

/** One line for each pair of a least and a greatest length: the two, then the calling codes that have it. */
export function phoneLengths(): string {
  const codes = new Map<string, string[]>()
  const others: Readonly<Record<string, Country>> = metadata.nonGeographic
  const entries = [
    ...Object.entries(metadata.country_calling_codes).map(
      ([code, members]) => [code, membersOf(members)] as const,
    ),
    ...Object.entries(others).map(([code, entry]) => [code, [entry]] as const),
  ]
  for (const [code, members] of entries) {
    if (WHOLE.has(code)) continue
    const lengths = members.flatMap((country) => country[LENGTHS] as number[])
    const key = `${String(Math.min(...lengths))},${String(Math.max(...lengths))}`
    codes.set(key, [...(codes.get(key) ?? []), code])
  }
  return [...codes].map(([key, list]) => `${key} ${list.join(' ')}`).join('\n')
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

/** Least and greatest length of a national number, and the calling codes that say no more here. */
export const PHONE_LENGTHS = \`
${phoneLengths()}
\`
`
}

/** Makes `src/detect/rules/phone-plans.ts` of the metadata that libphonenumber-js ships. */
import metadata from 'libphonenumber-js/metadata.min.json'

/** In libphonenumber-js' packed metadata the third entry of a country is its general pattern. */
const PATTERN = 2

/** One line a calling code: the code, a blank, the national (significant) number's pattern. */
export function phonePlans(): string {
  const countries: Record<string, unknown[]> = metadata.countries
  const others: Record<string, unknown[]> = metadata.nonGeographic
  const lines = Object.entries(metadata.country_calling_codes).map(([code, members]) => {
    const patterns = members.map((country) => String(countries[country]?.[PATTERN]))
    // The first is the code's main country; what it covers already needs no second mention.
    return `${code} ${[...new Set(code === '1' ? patterns.slice(0, 1) : patterns)].join('|')}`
  })
  for (const [code, entry] of Object.entries(others))
    lines.push(`${code} ${String(entry[PATTERN])}`)
  return lines.join('\n')
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
`
}

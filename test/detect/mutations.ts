/** What a checksum is there to catch: the ways in which people get a number almost right. */

export type Mutation = { name: string; text: string }

/**
 * The value with each digit changed in turn, with each two neighbouring digits exchanged, one letter or
 * digit short at either end, and as a part of a longer number. Separators stay where they are. Every text
 * differs from `value`.
 */
export function mutations(value: string): Mutation[] {
  const digits = placesOf(value, /\d/)
  const signs = placesOf(value, /[\da-z]/i)
  const changed = digits.map((at) => ({
    name: `digit ${String(at)} changed`,
    text: replaced(value, at, String((Number(value[at]) + 1) % 10)),
  }))
  const exchanged = digits.flatMap((at, index) => {
    const next = digits[index + 1]
    if (next === undefined || signs.some((sign) => sign > at && sign < next)) return []
    const [first = '', second = ''] = [value[at], value[next]]
    if (first === second) return []
    return {
      name: `digits ${String(at)} and ${String(next)} exchanged`,
      text: replaced(replaced(value, at, second), next, first),
    }
  })
  return [
    ...changed,
    ...exchanged,
    { name: 'last one missing', text: replaced(value, signs.at(-1) ?? 0, '') },
    { name: 'first one missing', text: replaced(value, signs[0] ?? 0, '') },
    { name: 'one more digit behind', text: `${value}7` },
    { name: 'one more digit before', text: `4${value}` },
    { name: 'inside a longer number', text: `31${value}86` },
  ]
}

function placesOf(value: string, sign: RegExp): number[] {
  return [...value].flatMap((character, at) => (sign.test(character) ? [at] : []))
}

function replaced(value: string, at: number, character: string): string {
  return value.slice(0, at) + character + value.slice(at + 1)
}

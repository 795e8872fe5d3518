/**
 * Whether the last digit checks the others (ISO/IEC 7812-1, annex B). `digits` are ASCII digits only.
 */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  let isDoubled = false
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = digits.charCodeAt(at) - 48
    const weighted = isDoubled ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
    isDoubled = !isDoubled
  }
  return sum % 10 === 0
}

/** How much a piece of text looks like a secret that somebody chose or a machine made. */

/** Documentation's ways to say "put yours here", and what masks leave. */
const PLACEHOLDER =
  /[\u2022\u25cf\u2026]|\*\*|x{5}|\.\.\.|your|redacted|placeholder|hidden|masked|removed|scrim:|^[<[({$%#?]|^(.)\1*$/i

/** Whether it stands for a value without being one: `<password>`, `${DB_PASS}`, `********`, `xxxxx`. */
export function isPlaceholder(value: string): boolean {
  if (!PLACEHOLDER.test(value)) return false
  // A password may well begin with a sign; a bracket or a variable closes or names something.
  return !/^[$%#?][^{(%\w]|^[$%#?][A-Za-z]*\d|^[#?%][a-zA-Z]+[^a-zA-Z%]/.test(value)
}

/** How many different characters, counted up to `limit`. */
export function countDistinct(value: string, limit: number): number {
  const seen = new Set<string>()
  for (let at = 0; at < value.length && seen.size < limit; at += 1) seen.add(value.charAt(at))
  return seen.size
}

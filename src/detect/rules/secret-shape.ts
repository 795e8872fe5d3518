/** How much a piece of text looks like a secret that somebody chose or a machine made. */

/** Documentation's ways to say "put yours here", and what masks leave. */
const PLACEHOLDER =
  /[\u2022\u25cf\u2026]|\*\*|x{5}|\.\.\.|your|redacted|placeholder|hidden|masked|removed|scrim:|^[<[({]|^(?:\$[{(].*|\$[A-Za-z_]+|%\w*%|%[a-z]|#\{.*|(.)\1*)$/i

/** Whether it stands for a value without being one: `<password>`, `${DB_PASS}`, `********`, `xxxxx`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value)
}

/** How many different characters, counted up to `limit`. */
export function countDistinct(value: string, limit: number): number {
  const seen = new Set<string>()
  for (let at = 0; at < value.length && seen.size < limit; at += 1) seen.add(value.charAt(at))
  return seen.size
}

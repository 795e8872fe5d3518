/** JSON Web Tokens (RFC 7519): signed ones have three parts, encrypted ones five. */
import type { Rule } from '../rule.ts'

/** The base64url of `{"`, and of `{ "` and a line break before the quote. */
const PREFIXES = ['eyJ', 'eyA', 'ewo', 'ew0']
/** Bounds keep a text made of beginnings linear: only a header is ever read in vain. */
const FORM =
  /(?<![\w-])e[yw][JAo0][\w-]{8,600}\.[\w-]{4,8000}\.[\w-]{0,1400}(?:\.[\w-]{4,8000}\.[\w-]{10,64})?/y

/** Whether the first part is a JSON object that names an algorithm, as RFC 7515 section 4.1.1 asks. */
function hasJoseHeader(value: string): boolean {
  const encoded = value.slice(0, value.indexOf('.')).replaceAll('-', '+').replaceAll('_', '/')
  try {
    return /^\s*\{[^]*"(?:alg|enc|typ)"\s*:/.test(atob(encoded))
  } catch {
    return false
  }
}

export const jwtRules: readonly Rule[] = [
  {
    id: 'jwt',
    kind: 'credential',
    on: 'prefix',
    prefixes: PREFIXES,
    form: FORM,
    check: { name: 'jose_header', passes: hasJoseHeader },
    confidence: 'certain',
  },
]

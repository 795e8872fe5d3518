/** E-mail addresses (RFC 5321 lengths; the characters that mail providers hand out). */
import type { Found, Rule, Surroundings } from '../rule.ts'

const MAX_LOCAL = 64
const LOCAL = /[\p{L}\p{N}._%+'&-]/u
const DOMAIN =
  /(?=[\p{L}\p{N}])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,6}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,57}[a-z0-9])(?![\p{L}\p{N}])/uy
/** `logo@2x.png` is a picture. */
const PICTURE = /^\d(?:\.\d)?x\./

function find({ text }: Surroundings, at: number): Found | undefined {
  let start = at
  while (start > 0 && at - start <= MAX_LOCAL && LOCAL.test(text.charAt(start - 1))) start -= 1
  // A quote or a dot before the address is not its own.
  while (start < at && !/[\p{L}\p{N}_]/u.test(text.charAt(start))) start += 1
  if (start === at || at - start > MAX_LOCAL || text.charAt(at - 1) === '.') return undefined
  DOMAIN.lastIndex = at + 1
  const domain = DOMAIN.exec(text)?.[0]
  if (domain === undefined || PICTURE.test(domain)) return undefined
  const end = at + 1 + domain.length
  // git@github.com:owner/name and the like name a machine.
  if (text.charAt(end) === ':' && /[\w~/]/.test(text.charAt(end + 1))) return undefined
  return { start, end, confidence: 'certain' }
}

export const emailRules: readonly Rule[] = [
  { id: 'email', kind: 'email', on: 'sign', sign: '@', find },
]

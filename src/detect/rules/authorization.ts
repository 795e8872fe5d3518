/** Credentials in HTTP's Authorization header (RFC 6750, RFC 7617), as logs and curl commands show it. */
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import { countDistinct, isPlaceholder } from './secret-shape.ts'

const BEARER = concept('bearer', 'bearer,ssws,genie key')
const BASIC = concept('basic_authorization', 'basic')

const BEARER_TOKEN = /[ \t]{1,3}([0-9A-Za-z._~+/=-]{16,2000})(?![^\s"'`,;)<\]}\\])/y
const BASIC_CREDENTIALS = /[ \t]{1,3}([0-9A-Za-z+/]{6,400}={0,2})(?![^\s"'`,;.)<\]}\\])/y
const MIN_DISTINCT = 8

function findBearer({ text }: Surroundings, at: number): Found | undefined {
  BEARER_TOKEN.lastIndex = at
  const token = BEARER_TOKEN.exec(text)?.[1]?.replace(/[.=]{1,3}$/, '')
  if (token === undefined || !/\d[^]*\d/.test(token) || !/[A-Za-z]/.test(token)) return undefined
  if (countDistinct(token, MIN_DISTINCT) < MIN_DISTINCT || isPlaceholder(token)) return undefined
  const start = text.indexOf(token, at)
  return { start, end: start + token.length, confidence: 'certain', context: BEARER.name }
}

/** `name:password` in base64: anything else behind the word "basic" is prose. */
function findBasic({ text }: Surroundings, at: number): Found | undefined {
  BASIC_CREDENTIALS.lastIndex = at
  const encoded = BASIC_CREDENTIALS.exec(text)?.[1]
  if (encoded === undefined) return undefined
  const start = text.indexOf(encoded, at)
  const end = start + encoded.length
  return isNameAndPassword(encoded)
    ? { start, end, confidence: 'certain', check: 'base64', context: BASIC.name }
    : undefined
}

function isNameAndPassword(encoded: string): boolean {
  try {
    const decoded = atob(encoded)
    return decoded.includes(':') && /^[\x20-\x7e]+$/.test(decoded)
  } catch {
    return false
  }
}

export const authorizationRules: readonly Rule[] = [
  { id: 'bearer_token', kind: 'credential', on: 'word', concepts: [BEARER], find: findBearer },
  { id: 'basic_authorization', kind: 'credential', on: 'word', concepts: [BASIC], find: findBasic },
]

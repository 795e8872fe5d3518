/**
 * Verifies the page credential: the RS256 JWT that Zendesk posts with an iframe's first page. It is
 * the only thing that says who somebody is; roles and ticket access are never read from it.
 */
import { createHash } from 'node:crypto'
import { errors, importSPKI, jwtVerify } from 'jose'
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { Location } from '../contract/session.ts'

/** Far above any credential seen; a larger body costs us nothing to refuse. */
const MAX_LENGTH = 8192
/** Zendesk documents no lifetime. One that outlives an hour was not made for loading a page. */
const MAX_LIFETIME_SECONDS = 3600
const CLOCK_TOLERANCE_SECONDS = 10

const claims = z.object({
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).length(1)]),
  exp: z.number(),
  iat: z.number(),
  context: z
    .object({ product: z.literal('support').optional(), location: z.string().optional() })
    .optional(),
})

export type ExpectedPage = {
  /** Pinned at install. */
  publicKeyPem: string
  /** `https://{subdomain}.zendesk.com/api/v2/apps/installations/{id}.json` */
  audience: string
  /** `{subdomain}.zendesk.com`; the credential may say it with `https://`. */
  issuer: string
  subdomain: string
  location: Location
}

export type PageIdentity = {
  userId: number
  expiresAt: Date
  /** SHA-256 of the credential, hex. One spelling a credential, so that single use holds. */
  hash: string
}

/**
 * Who Zendesk says opened this page. Single use is the caller's to enforce, by `hash`.
 *
 * @throws ScrimError `page_credential_expired`, `page_credential_audience` (made for another
 *   installation), `page_credential_invalid` (everything else, alike on purpose)
 */
export async function verifyPageCredential(
  jwt: string,
  expected: ExpectedPage,
  now: Date,
): Promise<PageIdentity> {
  if (!isCanonical(jwt)) throw new ScrimError('page_credential_invalid')
  const key = await importSPKI(expected.publicKeyPem, 'RS256')
  const verified = await jwtVerify(jwt, key, {
    algorithms: ['RS256'],
    audience: expected.audience,
    issuer: [expected.issuer, `https://${expected.issuer}`],
    requiredClaims: ['sub', 'exp', 'iat'],
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }).catch((error: unknown) => {
    throw new ScrimError(codeOf(error))
  })
  const parsed = claims.safeParse(verified.payload)
  if (!parsed.success || hasDuplicateClaims(jwt)) throw new ScrimError('page_credential_invalid')
  const { sub, exp, iat, context } = parsed.data
  const nowSeconds = now.getTime() / 1000
  const isTimely =
    iat <= nowSeconds + CLOCK_TOLERANCE_SECONDS && exp > iat && exp - iat <= MAX_LIFETIME_SECONDS
  const isHere = context?.location === undefined || context.location === expected.location
  const userId = userIdOf(sub, expected.subdomain)
  if (!isTimely || !isHere || userId === null) throw new ScrimError('page_credential_invalid')
  return {
    userId,
    expiresAt: new Date(exp * 1000),
    hash: createHash('sha256').update(jwt).digest('hex'),
  }
}

/**
 * Whether this is the one spelling of its bytes. Decoders forgive padding, spaces and the unused bits
 * of the last character; a respelled credential verifies too, and would pass for an unused one.
 */
function isCanonical(jwt: string): boolean {
  if (jwt.length > MAX_LENGTH) return false
  const parts = jwt.split('.')
  return (
    parts.length === 3 &&
    parts.every(
      (part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part,
    )
  )
}

function codeOf(error: unknown) {
  if (error instanceof errors.JWTExpired) return 'page_credential_expired'
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
    return 'page_credential_audience'
  return 'page_credential_invalid'
}

/** `https://{subdomain}.zendesk.com/api/v2/users/{id}.json` */
function userIdOf(sub: string, subdomain: string): number | null {
  const match =
    /^https:\/\/([a-z0-9-]+)\.zendesk\.com\/api\/v2\/users\/([1-9]\d{0,14})(?:\.json)?$/.exec(sub)
  if (match === null || match[1] !== subdomain) return null
  return Number(match[2])
}

/**
 * Whether the payload names a claim twice. Parsers keep the last one; a reader that keeps the first
 * would see another person, so neither is believed.
 */
function hasDuplicateClaims(jwt: string): boolean {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')
  const seen = new Set<string>()
  let depth = 0
  for (const { text, isKey } of jsonTokens(payload)) {
    if (text === '{' || text === '[') depth += 1
    else if (text === '}' || text === ']') depth -= 1
    else if (isKey && depth === 1) {
      const name: unknown = JSON.parse(text)
      if (seen.has(String(name))) return true
      seen.add(String(name))
    }
  }
  return false
}

/** Brackets and strings of a JSON text that is known to parse; a string followed by `:` is a key. */
function* jsonTokens(json: string): Generator<{ text: string; isKey: boolean }> {
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    yield { text: match[1] ?? match[0], isKey: match[2] !== undefined }
  }
}

/** Signs page credentials as Zendesk does, with a key of the sandbox's own. */
import { createHash } from 'node:crypto'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { SANDBOX_ACCOUNT } from './account.ts'

/** Zendesk documents no lifetime; a page is loaded at once. */
const LIFETIME_SECONDS = 60
const KEY_BITS = 2048

const ORIGIN = `https://${SANDBOX_ACCOUNT.subdomain}.zendesk.com`

/** `iss` and `aud` of the sandbox's page credentials. */
export const PAGE_ISSUER = `${SANDBOX_ACCOUNT.subdomain}.zendesk.com`
export const PAGE_AUDIENCE = `${ORIGIN}/api/v2/apps/installations/${SANDBOX_ACCOUNT.installationId}.json`

export type PageToSign = {
  personId: number
  location: string
  /** The page address's query, for `qsh`. */
  query?: string
  /** Replaces claims: tests ask for credentials that must be refused. */
  claims?: JWTPayload
}

export type PageSigner = {
  publicKeyPem: string
  sign(page: PageToSign): Promise<string>
}

export async function createPageSigner(deps: {
  now: () => Date
  newId: () => string
}): Promise<PageSigner> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: KEY_BITS })
  return {
    publicKeyPem: await exportSPKI(publicKey),
    sign({ personId, location, query = '', claims }) {
      const issuedAt = Math.floor(deps.now().getTime() / 1000)
      return new SignJWT({
        iss: PAGE_ISSUER,
        sub: `${ORIGIN}/api/v2/users/${personId}.json`,
        aud: PAGE_AUDIENCE,
        iat: issuedAt,
        nbf: issuedAt,
        exp: issuedAt + LIFETIME_SECONDS,
        jti: deps.newId(),
        qsh: createHash('sha256').update(query).digest('hex'),
        context: { product: 'support', location },
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .sign(privateKey)
    },
  }
}

/** A link's secret: what the customer's address holds, and what the database knows of it. */
import { hash, randomBytes } from 'node:crypto'

/** 192 bits: nobody finds a link by trying. */
const SECRET_BYTES = 24
const SECRET = /^[A-Za-z0-9_-]{32}$/

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** The id of the link that a secret opens; null for what no secret looks like. */
export function linkIdOf(secret: string): string | null {
  return SECRET.test(secret) ? hash('sha256', secret, 'hex') : null
}

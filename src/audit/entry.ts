/** What an entry of the audit log says, and its one spelling in bytes. `FORMAT.md` shows both. */
import canonicalize from 'canonicalize'
import type { Hash } from './tree.ts'

/** Every act that is logged. A new act is added here first; there is no other way in. */
export const AUDIT_ACTIONS = [
  'page.refuse',
  'session.start',
  'session.refuse',
  'webhook.refuse',
  'reveal_request.create',
  'reveal_request.refuse',
  'reveal_request.approve',
  'reveal_request.deny',
  'reveal_request.withdraw',
  'reveal_request.expire',
  'reveal_request.end',
  'grant.create',
  'grant.reveal',
  'grant.reveal_repeat',
  'grant.reveal_refuse',
  'grant.reveal_fail',
  'grant.release',
  'grant.revoke',
  'grant.expire',
  'grant.exhaust',
  'grant.end',
  'protected_value.take_in',
  'protected_value.refuse',
  'value_check.match',
  'value_check.miss',
  'value_check.refuse',
  'value_search.run',
  'value_search.refuse',
  'intake_link.create',
  'intake_link.use',
  'intake_link.expire',
  'intake_link.revoke',
  'intake_link.refuse',
  'restricted_note.write',
  'restricted_note.refuse',
  'protected_value.erase',
  'customer.erase',
  'customer.preview_erasure',
  'keys.rotate',
  'backfill.start',
  'backfill.finish',
  'protected_value.ingest',
  'protected_value.clear',
  'protected_value.restore',
  'protected_value.carry',
  'comment.redact',
  'attachment.redact',
  'ticket.merge',
  'residual_exposure.record',
  'residual_exposure.read',
  'residual_exposure.export',
  'ingestion.retry',
  'save_guard.stop',
  'save_guard.move',
  'save_guard.mask',
  'save_guard.block_unchecked',
  'save_guard.pass_unchecked',
  'save_guard.pass',
  'save_guard.refuse',
  'audit_log.read',
  'audit_log.export',
  'app_settings.change',
  'reveal_request.claim',
  'reveal_request.unclaim',
  'reveal_request.remind',
  'reveal_request.escalate',
  'reveal_request.note',
  'delegation.create',
  'delegation.end',
  'delegation.refuse',
  'break_glass.invoke',
  'break_glass.refuse',
  'break_glass.review',
  'power.wait',
  'power.confirm',
  'power.decline',
  'power.lose',
  'power.refuse',
  'exception.create',
  'exception.consent',
  'exception.reject',
  'exception.revoke',
  'exception.expire',
  'exception.close',
  'exception.refuse',
  'circuit_breaker.open',
  'circuit_breaker.close',
  'circuit_breaker.refuse',
  'policy.draft',
  'policy.submit',
  'policy.consent',
  'policy.reject',
  'policy.withdraw',
  'policy.refuse',
  'report.read',
  'report.export',
  'policy.activate',
  // Any other refused call by a known person.
  'request.refuse',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export type AuditActor =
  | { type: 'person'; id: number; roles: string[] }
  | { type: 'system'; name: string }
  /** Somebody at the command line. */
  | { type: 'operator'; name: string }

/** Ids, codes and numbers only: what stands here can never be erased. */
export type AuditData = Record<string, string | number | boolean | null | string[]>

export type AuditEntry = {
  v: 1
  /** The Zendesk subdomain. */
  account: string
  /** ISO 8601, UTC, milliseconds. */
  at: string
  action: AuditAction
  actor: AuditActor
  outcome: 'ok' | 'refused' | 'failed'
  /** Why it was refused or failed: an error code. */
  code?: string
  record?: { type: 'ticket'; id: number }
  /** Catalogue ids. */
  fields?: string[]
  requestId?: string
  grantId?: string
  attemptId?: string
  policyVersion?: number
  data?: AuditData
  /** Free text, names and addresses by `textHash`; the text itself lives where it can be erased. */
  texts?: Record<string, string>
}

/** Canonical JSON, RFC 8785. Throws a TypeError for what JSON cannot say. */
export function encodeEntry(entry: AuditEntry): string {
  return canonicalJson(entry)
}

/** Canonical JSON of any value; used to check that a stored entry is in its one spelling. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('an audit entry must be JSON')
  return text
}

const utf8 = new TextEncoder()

/** The bytes that a leaf hashes. */
export function entryBytes(body: string): Uint8Array {
  return utf8.encode(body)
}

/** Bytes of salt before each text: enough that nobody guesses short texts from their hash. */
export const SALT_BYTES = 16

/** `base64url(SHA-256(salt ‖ UTF-8 text))`, without padding. */
export function textHash(hash: Hash, salt: Uint8Array, text: string): string {
  const encoded = utf8.encode(text)
  const bytes = new Uint8Array(salt.length + encoded.length)
  bytes.set(salt)
  bytes.set(encoded, salt.length)
  return base64url(hash(bytes))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/**
 * Every failure a caller may branch on, as a stable code. The endpoint maps each code to one HTTP
 * status (`endpoint/problem.ts`), the app to one sentence (`translations/en.json`, `errors.<code>`).
 * A message holds ids and codes only, never a value or a credential.
 */

import type { CompanionField } from './protected-field.ts'

/** Every stable error code used by Scrim, in groups by what one can do about it. */
export const SCRIM_ERROR_CODES = [
  // Who are you: the page credential that Zendesk signs, and the session that follows it.
  'page_credential_missing',
  'page_credential_invalid',
  'page_credential_expired',
  'page_credential_audience',
  'page_credential_replayed',
  'session_invalid',
  'session_expired',
  'session_location',
  'webhook_signature_invalid',
  'webhook_expired',
  'person_unknown',
  'person_suspended',
  'person_not_agent',
  // May you: the role matrix, the ticket, the decision.
  'role_not_permitted',
  'ticket_access_denied',
  'ticket_not_found',
  'ticket_solved',
  'ticket_closed',
  'ticket_reassigned',
  'field_not_visible',
  'field_unknown',
  'field_empty',
  'field_type_unsupported',
  'reveals_paused',
  'self_approval',
  'approver_not_eligible',
  'no_eligible_approver',
  'approver_off_hours',
  'power_waits',
  'second_person_needed',
  'reveal_cap_reached',
  'circuit_open',
  'break_glass_not_named',
  'break_glass_unreviewed',
  'break_glass_active',
  'delegation_not_allowed',
  // What you asked: the reveal request.
  'reason_code_unknown',
  'reason_too_short',
  'reason_not_meaningful',
  'reason_repeated',
  'duration_too_long',
  'request_exists',
  'uses_too_many',
  'request_not_found',
  'request_not_pending',
  'request_expired',
  'request_ended',
  'request_claimed',
  'extension_not_possible',
  'decision_exists',
  'fields_not_requested',
  'comment_required',
  'save_guard_pass_not_allowed',
  'text_sensitive',
  // What is governed: policy, delegations, new power, exceptions, reviews.
  'policy_not_found',
  'policy_not_draft',
  'policy_outdated',
  'policy_unchanged',
  'policy_waits',
  'policy_cases_failed',
  'policy_lint_failed',
  'delegation_not_found',
  'power_not_found',
  'delegation_too_long',
  'exception_not_found',
  'exception_ended',
  'review_not_found',
  // What you were given: the grant and the reveal.
  'grant_not_found',
  'grant_expired',
  'grant_exhausted',
  'grant_released',
  'grant_revoked',
  'grant_ended',
  'grant_extended',
  'value_erased',
  'reveal_not_open',
  'reveal_failed',
  // What you sent.
  'bad_input',
  'value_invalid',
  'value_is_masked',
  'value_not_comparable',
  'value_check_locked',
  'intake_link_not_found',
  'payload_too_large',
  'media_type_unsupported',
  'route_not_found',
  'method_not_allowed',
  'conflict',
  'rate_limited',
  // What is down. Each of these closes: nothing is shown.
  'zendesk_unavailable',
  'zendesk_busy',
  'storage_unavailable',
  'keys_unavailable',
  'chat_unavailable',
  'chat_refused',
  'internal',
] as const

export type ScrimErrorCode = (typeof SCRIM_ERROR_CODES)[number]

/** What a caller may be told besides the code. Ids, names of fields and numbers; never a value. */
export type ScrimErrorDetails = {
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number
  /** Paths into the input that were refused, with the rule each one broke. */
  issues?: { path: string; rule: string }[]
  /** What was found in a text that must not hold it: kinds of the catalogue, never the text. */
  kinds?: string[]
  /** The ticket field to add where one of its type cannot hold a mask. */
  companion?: CompanionField
  /** The bound that was broken, for sentences such as "at most 30 minutes". */
  limit?: number
}

/** The one error class. `code` discriminates; `message` repeats it for logs. */
export class ScrimError<Code extends ScrimErrorCode = ScrimErrorCode> extends Error {
  override readonly name = 'ScrimError'
  readonly code: Code
  readonly details: ScrimErrorDetails

  constructor(code: Code, details: ScrimErrorDetails = {}, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.details = details
  }
}

/** An answer to "may this happen?" that carries its reason when it is no. */
export type Verdict<Code extends ScrimErrorCode = ScrimErrorCode> =
  | { allowed: true }
  | {
      allowed: false
      code: Code
      limit?: number
      kinds?: string[]
      companion?: CompanionField
    }

export const ALLOWED: Verdict<never> = { allowed: true }

/** Builds a refusal. */
export function refuse<Code extends ScrimErrorCode>(code: Code, limit?: number): Verdict<Code> {
  return limit === undefined ? { allowed: false, code } : { allowed: false, code, limit }
}

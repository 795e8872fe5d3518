/** The only table from error code to HTTP status, and the answer that a failure becomes (RFC 9457). */
import type { Problem } from '../contract/primitives.ts'
import { ScrimError } from '../core/errors.ts'
import type { ScrimErrorCode } from '../core/errors.ts'
import type { Logger } from './context.ts'

/**
 * 401: who are you. 403: you, no. 404: not there, or not yours. 409: not now, as things stand. 410:
 * it was yours and is over. 422: understood and not acceptable. 503: something we need is down.
 */
export const STATUS = {
  page_credential_missing: 401,
  page_credential_invalid: 401,
  page_credential_expired: 401,
  page_credential_audience: 401,
  page_credential_replayed: 401,
  session_invalid: 401,
  session_expired: 401,
  session_location: 403,
  webhook_signature_invalid: 403,
  webhook_expired: 403,
  person_unknown: 403,
  person_suspended: 403,
  person_not_agent: 403,
  role_not_permitted: 403,
  ticket_access_denied: 403,
  ticket_not_found: 404,
  ticket_solved: 409,
  ticket_closed: 409,
  ticket_reassigned: 409,
  field_not_visible: 403,
  field_unknown: 404,
  field_empty: 409,
  field_type_unsupported: 409,
  reveals_paused: 409,
  self_approval: 403,
  approver_not_eligible: 403,
  no_eligible_approver: 409,
  reason_code_unknown: 422,
  reason_too_short: 422,
  reason_not_meaningful: 422,
  reason_repeated: 422,
  duration_too_long: 422,
  uses_too_many: 422,
  request_exists: 409,
  request_not_found: 404,
  request_not_pending: 409,
  request_expired: 409,
  request_ended: 409,
  fields_not_requested: 422,
  comment_required: 422,
  save_guard_pass_not_allowed: 403,
  request_claimed: 409,
  decision_exists: 409,
  approver_off_hours: 409,
  extension_not_possible: 409,
  grant_extended: 410,
  delegation_not_allowed: 403,
  delegation_not_found: 404,
  delegation_too_long: 422,
  power_waits: 403,
  power_not_found: 404,
  second_person_needed: 403,
  reveal_cap_reached: 429,
  circuit_open: 409,
  break_glass_not_named: 403,
  break_glass_unreviewed: 409,
  break_glass_active: 409,
  review_not_found: 404,
  exception_not_found: 404,
  exception_ended: 409,
  policy_not_found: 404,
  policy_not_draft: 409,
  policy_outdated: 409,
  policy_unchanged: 409,
  policy_waits: 409,
  policy_cases_failed: 422,
  policy_lint_failed: 422,
  text_sensitive: 422,
  grant_not_found: 404,
  grant_expired: 410,
  grant_exhausted: 410,
  grant_released: 410,
  grant_revoked: 410,
  grant_ended: 410,
  value_erased: 410,
  reveal_not_open: 409,
  reveal_failed: 500,
  bad_input: 400,
  value_invalid: 422,
  value_is_masked: 422,
  value_not_comparable: 409,
  value_check_locked: 429,
  intake_link_not_found: 404,
  payload_too_large: 413,
  media_type_unsupported: 415,
  route_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  rate_limited: 429,
  zendesk_unavailable: 503,
  zendesk_busy: 503,
  storage_unavailable: 503,
  keys_unavailable: 503,
  chat_unavailable: 503,
  chat_refused: 503,
  internal: 500,
} as const satisfies Record<ScrimErrorCode, number>

/**
 * What a failure may say of itself: a `ScrimError` its code and details, anything else only that it
 * was `internal`. Other errors are logged by name and place; their messages may quote input.
 */
export function toProblem(error: unknown, log: Logger): Problem {
  if (!(error instanceof ScrimError)) {
    log.error('internal_error', describeError(error))
    return toProblem(new ScrimError('internal'), log)
  }
  const code: ScrimErrorCode = error.code
  const { retryAfterSeconds, limit, issues, kinds, companion } = error.details
  return {
    type: `urn:scrim:problem:${code}`,
    title: code,
    status: STATUS[code],
    code,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(limit === undefined ? {} : { limit }),
    ...(issues === undefined ? {} : { issues }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(companion === undefined ? {} : { companion }),
  }
}

/** `application/problem+json`, with the headers that the status asks for. */
export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  const { status, retryAfterSeconds } = problem
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
      ...headers,
    },
  })
}

/** An error's class and where it was thrown. Its message stays out: it may quote a value. */
export function describeError(error: unknown): { name: string; thrownAt: string | null } {
  if (!(error instanceof Error)) return { name: typeof error, thrownAt: null }
  const { name, message } = error
  const stack = (error.stack ?? '').replace(message, '')
  const frame = stack.split('\n').find((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
  return { name, thrownAt: frame?.match(/[^/\\]+:\d+:\d+/)?.[0] ?? null }
}

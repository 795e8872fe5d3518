/** What an administrator set on the installation in Zendesk, read so that it can only tighten. */
import type { AppSettings } from '../core/policy.ts'

/** The tightest a setting can be and still mean something; unreadable input counts as this. */
const TIGHTEST_MAX_MINUTES = 1
const TIGHTEST_DISPLAY_SECONDS = 5
const TIGHTEST_REASON_LENGTH = 200
const MAX_EXTRA_FIELDS = 200

/**
 * The settings of `GET /api/v2/apps/installations/{id}`. A setting left empty is not set. One that
 * cannot be read counts as the tightest that makes sense, because whoever typed it meant to tighten:
 * 1 minute, 5 seconds, 200 characters, no copying, reveals paused. Ids that cannot be read are left
 * out, because there is no field to hide. A disabled installation pauses reveals.
 */
export function parseAppSettings(
  settings: Readonly<Record<string, unknown>>,
  isEnabled: boolean,
): AppSettings {
  return {
    maxMinutes: bound(settings.max_minutes, TIGHTEST_MAX_MINUTES, Math.max),
    displaySeconds: bound(settings.display_seconds, TIGHTEST_DISPLAY_SECONDS, Math.max),
    isCopyAllowed: isUnset(settings.allow_copy) ? null : isYes(settings.allow_copy),
    minReasonLength: bound(settings.min_reason_length, TIGHTEST_REASON_LENGTH, Math.min),
    extraProtectedFieldIds: fieldIds(settings.extra_protected_field_ids),
    areRevealsPaused:
      !isEnabled || (!isUnset(settings.pause_all_reveals) && !isNo(settings.pause_all_reveals)),
  }
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function isYes(value: unknown): boolean {
  return value === true || value === 1 || spelled(value) === 'true' || spelled(value) === '1'
}

function isNo(value: unknown): boolean {
  return value === false || value === 0 || spelled(value) === 'false' || spelled(value) === '0'
}

function spelled(value: unknown): string | null {
  return typeof value === 'string' ? value.trim().toLowerCase() : null
}

/** A whole number held on the sane side of `tightest`; null when not set. */
function bound(
  value: unknown,
  tightest: number,
  clamp: (a: number, b: number) => number,
): number | null {
  if (isUnset(value)) return null
  const text = typeof value === 'number' ? String(value) : (spelled(value) ?? '')
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) return tightest
  return clamp(Math.floor(Number(text)), tightest)
}

function fieldIds(value: unknown): number[] {
  const parts = Array.isArray(value) ? value.map(String) : String(value ?? '').split(/[\s,;]+/)
  const ids = parts.filter((part) => /^[1-9]\d{0,14}$/.test(part)).map(Number)
  return [...new Set(ids)].slice(0, MAX_EXTRA_FIELDS)
}

/**
 * Machine readable zones of travel documents, by ICAO Doc 9303 parts 4 to 7:
 *
 *     P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
 *     L898902C36UTO7408122F1204159ZE184226B<<<<<10
 */
import type { Found, Surroundings } from '../rule.ts'

const ROW = /[A-Z0-9<]{30,44}(?![A-Z0-9<])/y
const BREAK = /[ \t]{0,2}(?:\r?\n[ \t]{0,2}| )/y
const NAMES = /^[A-Z](?:[A-Z<]{1,43}<<[A-Z<]{1,42})$/
const MAX_ROW = 44

/** `at` is the first `<` of the zone. */
export function machineReadableZone({ text }: Surroundings, at: number): Found | undefined {
  if (text.charCodeAt(at - 1) === 60) return undefined
  let start = at
  while (at - start < MAX_ROW && /[A-Z0-9]/.test(text.charAt(start - 1))) start -= 1
  if (start === at || /[a-z<]/.test(text.charAt(start - 1))) return undefined
  const first = rowAt(text, start)
  if (first === undefined) return undefined
  const second = nextRow(text, first)
  const last = second && nextRow(text, second)
  return cardZone(first, second, last) ?? passportZone(first, second) ?? namesAlone(first)
}

type Row = { start: number; end: number; row: string }

function rowAt(text: string, start: number): Row | undefined {
  ROW.lastIndex = start
  const row = ROW.exec(text)?.[0]
  const isWhole = row !== undefined && [30, 36, 44].includes(row.length)
  return isWhole ? { start, end: start + row.length, row } : undefined
}

/** The row below, as long as this one. */
function nextRow(text: string, above: Row): Row | undefined {
  BREAK.lastIndex = above.end
  if (!BREAK.test(text)) return undefined
  const below = rowAt(text, BREAK.lastIndex)
  return below?.row.length === above.row.length ? below : undefined
}

function certain(first: Row, last: Row): Found {
  return { start: first.start, end: last.end, confidence: 'certain', check: 'icao_731' }
}

/** Three rows of 30 (TD1): number in the first, dates and the check over all in the second. */
function cardZone(first: Row, second: Row | undefined, last: Row | undefined): Found | undefined {
  if (first.row.length !== 30 || second === undefined) return undefined
  const all =
    first.row.slice(5) + second.row.slice(0, 7) + second.row.slice(8, 15) + second.row.slice(18, 29)
  const isRight =
    passes(first.row.slice(5, 14), first.row[14]) &&
    hasDates(second.row) &&
    passes(all, second.row[29])
  return isRight
    ? certain(first, last !== undefined && NAMES.test(`A${last.row}`) ? last : second)
    : undefined
}

/** Two rows of 44 (TD3, visas) or 36 (TD2, visas): names above, everything else below. Either may stand alone. */
function passportZone(first: Row, second: Row | undefined): Found | undefined {
  if (first.row.length === 30) return undefined
  if (
    second !== undefined &&
    NAMES.test(first.row) &&
    isDataRow(second.row, first.row.startsWith('V'))
  ) {
    return certain(first, second)
  }
  return isDataRow(first.row, false) ? certain(first, first) : undefined
}

function isDataRow(row: string, isVisa: boolean): boolean {
  const { length } = row
  if (!passes(row.slice(0, 9), row[9]) || !hasDates(row.slice(13))) return false
  if (isVisa) return true
  const all = row.slice(0, 10) + row.slice(13, 20) + row.slice(21, length - 1)
  return passes(all, row[length - 1])
}

/** Birth date, its check, sex, expiry date, its check. */
function hasDates(row: string): boolean {
  return (
    /^[\d<]{7}[MFX<]\d{6}\d/.test(row) &&
    passes(row.slice(0, 6), row[6]) &&
    passes(row.slice(8, 14), row[14])
  )
}

function namesAlone(first: Row): Found | undefined {
  if (!/^[PVIAC]/.test(first.row) || !NAMES.test(first.row) || !first.row.endsWith('<<'))
    return undefined
  return { start: first.start, end: first.end, confidence: 'likely' }
}

/** Weights 7, 3, 1; `A` counts 10, `<` counts 0. */
function passes(field: string, check = ''): boolean {
  let sum = 0
  for (let at = 0; at < field.length; at += 1) {
    const value = field[at] === '<' ? 0 : Number.parseInt(field.charAt(at), 36)
    sum += value * ([7, 3, 1][at % 3] ?? 0)
  }
  return check === '<' ? sum === 0 : sum % 10 === Number(check)
}

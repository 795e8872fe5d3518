/**
 * When somebody is on duty: weekly hours in a time zone, without its holidays. Time that is counted in
 * them stands still at night. Clocks that are put forward or back are Temporal's business.
 */
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/

export const workingHours = z
  .strictObject({
    /** IANA, such as `Europe/Berlin`. */
    timeZone: z.string().refine(isTimeZone, { message: 'no time zone of IANA’s' }),
    weekly: z
      .array(
        z.strictObject({
          /** ISO 8601: 1 is Monday, 7 is Sunday. */
          days: z.array(z.number().int().min(1).max(7)).min(1),
          from: z.string().regex(TIME),
          /** At or before `from` it is the next morning's. */
          to: z.string().regex(TIME),
        }),
      )
      .min(1)
      .max(50),
    /** Days without a shift, ISO 8601. A shift of the evening before still ends in the morning. */
    holidays: z.array(z.iso.date()).max(500).default([]),
  })
  .readonly()

export type WorkingHours = z.infer<typeof workingHours>

type Interval = { start: number; end: number }

/** Who is off for longer is not coming back by these hours. */
const LONGEST_BREAK_DAYS = 370

/** Whether `at` lies within the hours; a shift holds its first instant and not its last. */
export function isWithin(hours: WorkingHours, at: Date): boolean {
  const now = at.getTime()
  const today = dayOf(hours, at)
  return [today.subtract({ days: 1 }), today].some((day) =>
    shiftsOf(hours, day).some(({ start, end }) => start <= now && now < end),
  )
}

/** `at` if it lies within the hours, else when they begin next; null when they do not within a year. */
export function nextOnDuty(hours: WorkingHours, at: Date): Date | null {
  for (const { start } of intervalsFrom(hours, at)) return new Date(start)
  return null
}

/** When `minutes` of duty have passed since `start`; null when they do not within a year of breaks. */
export function addDutyMinutes(hours: WorkingHours, start: Date, minutes: number): Date | null {
  let left = minutes * 60_000
  for (const interval of intervalsFrom(hours, start)) {
    const length = interval.end - interval.start
    if (left <= length) return new Date(interval.start + left)
    left -= length
  }
  return null
}

/** The midnight that ends the day of `at`, in an IANA time zone. */
export function endOfDay(at: Date, timeZone: string): Date {
  const nextDay = dayOf({ timeZone }, at).add({ days: 1 })
  return new Date(nextDay.toZonedDateTime(timeZone).epochMilliseconds)
}

/** Stretches of duty from `at` on, in order and without overlap; they may go on for ever. */
function* intervalsFrom(hours: WorkingHours, at: Date): Generator<Interval> {
  let covered = at.getTime()
  let day = dayOf(hours, at).subtract({ days: 1 })
  for (let empty = 0; empty < LONGEST_BREAK_DAYS; day = day.add({ days: 1 })) {
    const shifts = shiftsOf(hours, day)
    empty = shifts.length === 0 ? empty + 1 : 0
    for (const { start, end } of shifts) {
      if (end <= covered) continue
      yield { start: Math.max(start, covered), end }
      covered = end
    }
  }
}

/** The shifts that begin on a day, by their beginning. */
function shiftsOf(
  { timeZone, weekly, holidays }: WorkingHours,
  day: Temporal.PlainDate,
): Interval[] {
  if (holidays.includes(day.toString())) return []
  const instantOf = (date: Temporal.PlainDate, time: string) =>
    date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
  return weekly
    .filter(({ days }) => days.includes(day.dayOfWeek))
    .map(({ from, to }) => ({
      start: instantOf(day, from),
      end: instantOf(to > from ? day : day.add({ days: 1 }), to),
    }))
    .filter(({ start, end }) => end > start)
    .toSorted((a, b) => a.start - b.start)
}

function dayOf({ timeZone }: Pick<WorkingHours, 'timeZone'>, at: Date): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    // An offset such as +02:00 knows no summer.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** Days as date inputs give them (`2026-12-03`), in the time zone of whoever types them. */

/** The first instant of a day, null where there is no such day. */
export function startOfDay(day: string): Date | null {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  const start = new Date(year, month - 1, date)
  return start.getMonth() === month - 1 && start.getDate() === date ? start : null
}

/** The first instant after a day. */
export function endOfDay(day: string): Date | null {
  const start = startOfDay(day)
  return start && new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1)
}

/** Which durations a request can ask for. */

const USUAL_MINUTES = [5, 15, 30]

/** 5, 15 and 30 minutes up to the cap, and the cap itself when it is another. */
export function durationOptions(maxMinutes: number): number[] {
  const within = USUAL_MINUTES.filter((minutes) => minutes <= maxMinutes)
  return within.includes(maxMinutes) || maxMinutes > 30 ? within : [...within, maxMinutes]
}

/** The policy's default where it is on offer, else the longest that is not longer. */
export function preselectedDuration(options: readonly number[], defaultMinutes: number): number {
  return options.filter((minutes) => minutes <= defaultMinutes).at(-1) ?? options[0] ?? 1
}

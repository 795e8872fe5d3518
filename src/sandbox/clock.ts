/** The sandbox's time: real time plus what the control panel added. Everything in it uses this one. */

export type SandboxClock = {
  now(): Date
  /** Milliseconds that never go back: real ones plus every move forward. */
  elapsed(): number
  offsetMs(): number
  /** Sets how far the clock is ahead of real time; may go back. */
  setOffset(milliseconds: number): void
}

export function createClock(real: { now: () => Date; elapsed: () => number }): SandboxClock {
  let offset = 0
  let movedForward = 0
  return {
    now: () => new Date(real.now().getTime() + offset),
    elapsed: () => real.elapsed() + movedForward,
    offsetMs: () => offset,
    setOffset(milliseconds) {
      movedForward += Math.max(0, milliseconds - offset)
      offset = milliseconds
    },
  }
}

/** What the control panel can do to the sandbox, in one place: time, outages, counts. */
import { z } from 'zod'
import type { SandboxClock } from './clock.ts'
import type { ControlChange, ControlState, ControlView } from './control-state.ts'
import { CONTROL_AT_START } from './control-state.ts'

const MINUTE_MS = 60_000
/** What the emulated 429 asks to wait. */
export const RETRY_AFTER_SECONDS = 5

export const controlChange = z.strictObject({
  clockOffsetMs: z.number().int().optional(),
  moveClockMs: z.number().int().optional(),
  isZendeskDown: z.boolean().optional(),
  isDatabaseDown: z.boolean().optional(),
  isEndpointDown: z.boolean().optional(),
  isZendeskBusy: z.boolean().optional(),
  delayMs: z.number().int().min(0).max(60_000).optional(),
}) satisfies z.ZodType<ControlChange>

export type Controls = {
  state(): Readonly<ControlState>
  view(): ControlView
  change(change: ControlChange): ControlView
  /** Counts one REST call of the endpoint. */
  countRestCall(): void
  resetRestCalls(): void
  /** Told after each change. */
  onChange(listener: (state: Readonly<ControlState>) => void): void
}

export function createControls(clock: SandboxClock, delayMs: number): Controls {
  let state: ControlState = { ...CONTROL_AT_START, delayMs }
  let total = 0
  /** When the calls of the last minute were made, oldest first; real time. */
  let recent: number[] = []
  const listeners: ((state: Readonly<ControlState>) => void)[] = []

  function forgetOldCalls() {
    const since = performance.now() - MINUTE_MS
    recent = recent.filter((at) => at >= since)
  }

  function view(): ControlView {
    forgetOldCalls()
    return {
      ...state,
      at: clock.now().toISOString(),
      restCalls: { total, lastMinute: recent.length },
    }
  }

  return {
    state: () => state,
    view,
    change({ moveClockMs = 0, ...changes }) {
      state = { ...state, ...changes }
      state.clockOffsetMs += moveClockMs
      clock.setOffset(state.clockOffsetMs)
      for (const listener of listeners) listener(state)
      return view()
    },
    countRestCall() {
      total += 1
      recent.push(performance.now())
      forgetOldCalls()
    },
    resetRestCalls() {
      total = 0
      recent = []
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

/** Trying again what Zendesk had no time for, or could not be reached for. */
import { ScrimError } from '../../core/errors.ts'
import type { Run } from './state.ts'
import { BackfillTakenOverError, pause } from './state.ts'

const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 300_000
/** Longest that Zendesk may have no time for one thing. */
const BUSY_PATIENCE_MS = 30 * 60_000

/** Without these nothing works, so that nothing is gained by going on. */
const FATAL: readonly string[] = ['storage_unavailable', 'keys_unavailable']

export type Tried<T> = { is: 'done'; value: T } | { is: 'failed'; code: string } | { is: 'stopped' }

/**
 * Tries up to `tries` times with back-off. A 429 is no failed try: it is waited out as Zendesk says.
 * Throws what no try can help; `stopped` when the run was before it came to a try.
 */
export async function tryPatiently<T>(
  run: Run,
  tries: number,
  work: () => Promise<T>,
): Promise<Tried<T>> {
  const { deps, options } = run
  const startedAt = deps.now().getTime()
  for (let failures = 0; ;) {
    if (options.signal.aborted) return { is: 'stopped' }
    try {
      return { is: 'done', value: await work() }
    } catch (error) {
      const code = codeOf(error)
      if (code === 'zendesk_busy' && deps.now().getTime() - startedAt < BUSY_PATIENCE_MS) {
        await pause(run, secondsOf(error) * 1000)
        continue
      }
      failures += 1
      deps.log.error('backfill.retry', { code, failures })
      if (failures >= tries || code === 'ticket_not_found') return { is: 'failed', code }
      // Whoever was faster has done it by now.
      if (code === 'conflict') continue
      await pause(run, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)))
    }
  }
}

function codeOf(error: unknown): string {
  if (error instanceof BackfillTakenOverError) throw error
  if (!(error instanceof ScrimError)) return 'internal'
  if (FATAL.includes(error.code)) throw error
  return error.code
}

function secondsOf(error: unknown): number {
  return (error instanceof ScrimError ? error.details.retryAfterSeconds : undefined) ?? 30
}

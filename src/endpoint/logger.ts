/** One JSON object a line: ids, codes and numbers. Never a value, a credential or free text. */
import type { Logger } from './context.ts'

/** Writes each event through `write`, one line a call, without the line's end. */
export function createLogger(write: (line: string) => void, now: () => Date): Logger {
  const line =
    (level: 'info' | 'error') =>
    (event: string, fields: Record<string, string | number | boolean | null> = {}) =>
      write(JSON.stringify({ at: now().toISOString(), level, event, ...fields }))
  return { info: line('info'), error: line('error') }
}

import type { ActLevel } from '../../../src/detect/detector.ts'
import { detect } from '../../../src/detect/detect.ts'
import { DEFAULT_LEVELS } from '../../../src/detect/detector.ts'

/** What is found as a credential at or above a level, by one rule or by any. */
export function credentials(
  text: string,
  { level = 'likely', rule }: { level?: ActLevel; rule?: string } = {},
): string[] {
  return detect(text, { levels: { ...DEFAULT_LEVELS, credential: level } })
    .filter(({ kind, why }) => kind === 'credential' && (rule === undefined || why.rule === rule))
    .map(({ start, end }) => text.slice(start, end))
}
